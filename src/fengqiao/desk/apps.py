from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "fengqiao.desk"
    label = "desk"
