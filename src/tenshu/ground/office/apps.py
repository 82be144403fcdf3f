from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "tenshu.ground.office"
    label = "office"
    verbose_name = "組織・職員"
