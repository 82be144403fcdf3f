from django.apps import AppConfig


class InquiryConfig(AppConfig):
    name = "tenshu.mechanisms.inquiry"
    label = "inquiry"
    verbose_name = "照会"
