from django.apps import AppConfig


class HazardConfig(AppConfig):
    name = "fengqiao.kinds.hazard"
    label = "hazard"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from fengqiao.ground import importing  # noqa: PLC0415 app ready
        from fengqiao.kinds.hazard.order_list import ORDER_LIST  # noqa: PLC0415 app ready
        from fengqiao.kinds.hazard.scope_list import SCOPE_LIST  # noqa: PLC0415 app ready
        from fengqiao.kinds.hazard.workflow import KIND  # noqa: PLC0415 app ready
        from fengqiao.matters.registering import register  # noqa: PLC0415 app ready

        register(KIND)
        importing.register(ORDER_LIST)
        importing.register(SCOPE_LIST)
