from django.apps import AppConfig


class GatheringConfig(AppConfig):
    name = "tenshu.mechanisms.gathering"
    label = "gathering"
    verbose_name = "会議・研修"
