"""The desk's addresses, gathered from its pages."""

from fengqiao.desk import (
    accounts,
    board,
    clock_settings,
    figures_page,
    imports,
    map_page,
    matter,
    me,
    play_control,
    registers,
    sign_in,
    wall,
)

app_name = "desk"
urlpatterns = [
    *board.urlpatterns,
    *play_control.urlpatterns,
    *map_page.urlpatterns,
    *wall.urlpatterns,
    *matter.urlpatterns,
    *registers.urlpatterns,
    *imports.urlpatterns,
    *figures_page.urlpatterns,
    *clock_settings.urlpatterns,
    *accounts.urlpatterns,
    *sign_in.urlpatterns,
    *me.urlpatterns,
]
