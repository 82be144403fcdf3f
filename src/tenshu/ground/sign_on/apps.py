from django.apps import AppConfig


class SignOnConfig(AppConfig):
    name = "tenshu.ground.sign_on"
    label = "sign_on"
    verbose_name = "サインイン"
