from django.apps import AppConfig


class HistoriesConfig(AppConfig):
    name = "fengqiao.histories"
    label = "histories"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from fengqiao.ground.importing import register  # noqa: PLC0415 app ready
        from fengqiao.histories.importing import HISTORIES  # noqa: PLC0415 app ready

        register(HISTORIES)
