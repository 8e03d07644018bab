"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from fengqiao.server.logs import set_up_logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fengqiao.server.settings")
application = get_wsgi_application()
set_up_logs()
