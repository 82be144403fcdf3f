from django.apps import AppConfig


class LiaisonConfig(AppConfig):
    name = "tenshu.dx.liaison"
    label = "liaison"
    verbose_name = "他都道府県との連絡調整"
