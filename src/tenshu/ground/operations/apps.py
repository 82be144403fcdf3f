from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "tenshu.ground.operations"
    label = "operations"
    verbose_name = "運用"
