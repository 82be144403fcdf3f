from django.apps import AppConfig


class KarteConfig(AppConfig):
    name = "tenshu.dx.karte"
    label = "karte"
    verbose_name = "システムカルテ"
