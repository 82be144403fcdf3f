from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "tenshu.ground.notices"
    label = "notices"
    verbose_name = "通知"
