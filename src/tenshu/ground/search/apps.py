from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "tenshu.ground.search"
    label = "search"
    verbose_name = "検索"

    def ready(self) -> None:
        from tenshu.ground.search.following import begin

        begin()
        post_migrate.connect(_fill, sender=self, dispatch_uid="search")


def _fill(**kwargs: Any) -> None:
    """A home with records and without an index, as before the search was: a job builds it."""
    from tenshu.ground.search.models import IndexRow
    from tenshu.ground.search.rebuilding import rebuild_index
    from tenshu.ground.search.sources import sources

    if not IndexRow.objects.exists() and any(
        source.model._default_manager.exists() for source in sources().values()
    ):
        rebuild_index.enqueue()
