from django.apps import AppConfig


class AnnualConfig(AppConfig):
    name = "tenshu.annual"
    label = "annual"
    verbose_name = "年次報告"
