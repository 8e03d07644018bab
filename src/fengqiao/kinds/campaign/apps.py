from django.apps import AppConfig


class CampaignConfig(AppConfig):
    name = "fengqiao.kinds.campaign"
    label = "campaign"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from fengqiao.kinds.campaign.workflow import KIND  # noqa: PLC0415 app ready
        from fengqiao.matters.registering import register  # noqa: PLC0415 app ready

        register(KIND)
