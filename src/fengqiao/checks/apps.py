from django.apps import AppConfig


class ChecksConfig(AppConfig):
    name = "fengqiao.checks"
    label = "checks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from fengqiao.checks.importing import CHECKLISTS  # noqa: PLC0415 app ready
        from fengqiao.ground.importing import register  # noqa: PLC0415 app ready

        register(CHECKLISTS)
