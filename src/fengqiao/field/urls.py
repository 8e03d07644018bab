"""The phone app's page, its manifest and its service worker."""

from fengqiao.field import pages

app_name = "field"
urlpatterns = [*pages.urlpatterns]
