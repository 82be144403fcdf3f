from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "tenshu.home"
    label = "home"
    verbose_name = "やること"
