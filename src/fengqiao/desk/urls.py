"""The desk's addresses, gathered from its pages."""

from fengqiao.desk import (
    accounts,
    board,
    clock_settings,
    dictionary,
    figures_page,
    holds,
    imports,
    keep_settings,
    matter,
    me,
    registers,
    sign_in,
)

app_name = "desk"
urlpatterns = [
    *board.urlpatterns,
    *matter.urlpatterns,
    *registers.urlpatterns,
    *imports.urlpatterns,
    *figures_page.urlpatterns,
    *clock_settings.urlpatterns,
    *keep_settings.urlpatterns,
    *holds.urlpatterns,
    *dictionary.urlpatterns,
    *accounts.urlpatterns,
    *sign_in.urlpatterns,
    *me.urlpatterns,
]
