"""The addresses open to everybody."""

from fengqiao.public import check, party, tag

app_name = "public"
urlpatterns = [*check.urlpatterns, *party.urlpatterns, *tag.urlpatterns]
