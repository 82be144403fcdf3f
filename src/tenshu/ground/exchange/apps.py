from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "tenshu.ground.exchange"
    label = "exchange"
    verbose_name = "取込・書出し"
