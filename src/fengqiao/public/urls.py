"""The addresses open to everybody."""

from fengqiao.public import check, tag

app_name = "public"
urlpatterns = [*check.urlpatterns, *tag.urlpatterns]
