"""The desk's addresses, gathered from its pages."""

from fengqiao.desk import (
    accounts,
    audit,
    board,
    break_glass,
    clock_settings,
    figures_page,
    findings,
    imports,
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
    *accounts.urlpatterns,
    *sign_in.urlpatterns,
    *me.urlpatterns,
    *audit.urlpatterns,
    *break_glass.urlpatterns,
    *findings.urlpatterns,
]
