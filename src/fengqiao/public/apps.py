from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "fengqiao.public"
    label = "public"
