from django.apps import AppConfig


class SystemsConfig(AppConfig):
    name = "tenshu.ground.systems"
    label = "systems"
    verbose_name = "システム台帳"
