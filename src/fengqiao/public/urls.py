"""The addresses open to everybody."""

from fengqiao.public import check, party, subject, tag

app_name = "public"
urlpatterns = [*check.urlpatterns, *party.urlpatterns, *subject.urlpatterns, *tag.urlpatterns]
