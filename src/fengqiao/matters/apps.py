from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "fengqiao.matters"
    label = "matters"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from fengqiao.matters.commands.keeping import RUNNER  # noqa: PLC0415 app ready
        from fengqiao.matters.queries import held_open  # noqa: PLC0415 app ready
        from fengqiao.matters.visit_points import POINTS  # noqa: PLC0415 app ready
        from fengqiao.people.leaving import holds_open  # noqa: PLC0415 app ready
        from fengqiao.store.lives import register  # noqa: PLC0415 app ready

        holds_open.append(held_open)
        register(RUNNER)
        register(POINTS)
