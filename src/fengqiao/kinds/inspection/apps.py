from django.apps import AppConfig


class InspectionConfig(AppConfig):
    name = "fengqiao.kinds.inspection"
    label = "inspection"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from fengqiao.kinds.inspection.workflow import KIND  # noqa: PLC0415 app ready
        from fengqiao.matters.registering import register  # noqa: PLC0415 app ready

        register(KIND)
