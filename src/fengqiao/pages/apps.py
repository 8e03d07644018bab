from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "fengqiao.pages"
    label = "pages"
