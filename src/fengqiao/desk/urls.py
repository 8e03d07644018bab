"""The desk's addresses, gathered from its pages."""

from fengqiao.desk import (
    accounts,
    audit,
    beats,
    board,
    break_glass,
    clock_settings,
    door_codes,
    figures_page,
    findings,
    imports,
    matter,
    me,
    papers,
    questions,
    registers,
    sign_in,
)

app_name = "desk"
urlpatterns = [
    *board.urlpatterns,
    *matter.urlpatterns,
    *papers.urlpatterns,
    *door_codes.urlpatterns,
    *registers.urlpatterns,
    *imports.urlpatterns,
    *questions.urlpatterns,
    *beats.urlpatterns,
    *figures_page.urlpatterns,
    *clock_settings.urlpatterns,
    *accounts.urlpatterns,
    *sign_in.urlpatterns,
    *me.urlpatterns,
    *audit.urlpatterns,
    *break_glass.urlpatterns,
    *findings.urlpatterns,
]
