"""The desk's addresses, gathered from its pages."""

from fengqiao.desk import (
    accounts,
    beats,
    board,
    clock_settings,
    figures_page,
    imports,
    matter,
    me,
    questions,
    registers,
    sign_in,
)

app_name = "desk"
urlpatterns = [
    *board.urlpatterns,
    *matter.urlpatterns,
    *registers.urlpatterns,
    *imports.urlpatterns,
    *questions.urlpatterns,
    *beats.urlpatterns,
    *figures_page.urlpatterns,
    *clock_settings.urlpatterns,
    *accounts.urlpatterns,
    *sign_in.urlpatterns,
    *me.urlpatterns,
]
