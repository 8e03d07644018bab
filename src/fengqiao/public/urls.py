"""The addresses open to everybody."""

from fengqiao.public import check

app_name = "public"
urlpatterns = [*check.urlpatterns]
