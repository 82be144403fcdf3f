from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "tenshu.ground.search"
    label = "search"
    verbose_name = "検索"
