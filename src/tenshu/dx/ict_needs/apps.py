from django.apps import AppConfig


class IctNeedsConfig(AppConfig):
    name = "tenshu.dx.ict_needs"
    label = "ict_needs"
    verbose_name = "業務のICT化"
