from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "tenshu.ground.access"
    label = "access"
    verbose_name = "利用者と権限"
