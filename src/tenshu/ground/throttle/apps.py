from django.apps import AppConfig


class ThrottleConfig(AppConfig):
    name = "tenshu.ground.throttle"
    label = "throttle"
    verbose_name = "回数の制限"
