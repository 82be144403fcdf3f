from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "tenshu.mechanisms.figures"
    label = "figures"
    verbose_name = "数値"
