from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "tenshu.ground.webhooks"
    label = "webhooks"
    verbose_name = "外部への通知"
