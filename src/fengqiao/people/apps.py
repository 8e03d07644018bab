from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "fengqiao.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from fengqiao.ground.importing import register  # noqa: PLC0415 app ready
        from fengqiao.people.importing import PEOPLE  # noqa: PLC0415 app ready
        from fengqiao.people.keeping import RUNNERS  # noqa: PLC0415 app ready
        from fengqiao.store import lives  # noqa: PLC0415 app ready

        register(PEOPLE)
        for runner in RUNNERS:
            lives.register(runner)
