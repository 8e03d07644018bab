from django.apps import AppConfig


class FraudAlertConfig(AppConfig):
    name = "fengqiao.kinds.fraud_alert"
    label = "fraud_alert"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from fengqiao.kinds.fraud_alert.workflow import KIND  # noqa: PLC0415 app ready
        from fengqiao.matters.registering import register  # noqa: PLC0415 app ready

        register(KIND)
