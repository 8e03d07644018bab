from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "fengqiao.field"
    label = "field"
