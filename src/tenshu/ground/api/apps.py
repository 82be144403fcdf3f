from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "tenshu.ground.api"
    label = "api"
    verbose_name = "API"
