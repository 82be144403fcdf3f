from django.apps import AppConfig


class TaskforceConfig(AppConfig):
    name = "tenshu.dx.taskforce"
    label = "taskforce"
    verbose_name = "タスクフォース"
