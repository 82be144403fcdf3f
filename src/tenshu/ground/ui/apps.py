from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "tenshu.ground.ui"
    label = "ui"
    verbose_name = "画面"
