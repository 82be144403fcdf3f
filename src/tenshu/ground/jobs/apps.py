from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "tenshu.ground.jobs"
    label = "jobs"
    verbose_name = "ジョブ"
