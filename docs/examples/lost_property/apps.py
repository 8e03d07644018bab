from django.apps import AppConfig


class LostPropertyConfig(AppConfig):
    name = "fengqiao.kinds.lost_property"
    label = "lost_property"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from fengqiao.kinds.lost_property.workflow import KIND  # noqa: PLC0415 app ready
        from fengqiao.matters.registering import register  # noqa: PLC0415 app ready

        register(KIND)
