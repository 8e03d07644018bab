from django.apps import AppConfig


class GroundConfig(AppConfig):
    name = "fengqiao.ground"
    label = "ground"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from fengqiao.ground.importers import ALL  # noqa: PLC0415 app ready
        from fengqiao.ground.importing import register  # noqa: PLC0415 app ready
        from fengqiao.ground.keeping import RUNNERS  # noqa: PLC0415 app ready
        from fengqiao.store import lives  # noqa: PLC0415 app ready

        for runner in RUNNERS:
            lives.register(runner)
        for importer in ALL:
            register(importer)
