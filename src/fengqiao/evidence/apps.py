from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "fengqiao.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from fengqiao.evidence.keeping import RUNNER  # noqa: PLC0415 app ready
        from fengqiao.store.lives import register  # noqa: PLC0415 app ready

        register(RUNNER)
