from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "tenshu.ground.files"
    label = "files"
    verbose_name = "添付ファイル"
