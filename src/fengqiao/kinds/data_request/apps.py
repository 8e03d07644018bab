from django.apps import AppConfig


class DataRequestConfig(AppConfig):
    name = "fengqiao.kinds.data_request"
    label = "data_request"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from fengqiao.kinds.data_request.workflow import KIND  # noqa: PLC0415 app ready
        from fengqiao.matters.registering import register  # noqa: PLC0415 app ready

        register(KIND)
