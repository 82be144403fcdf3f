"""The index is made of the records and files: no backup holds it. A restore leaves the making to the first worker."""

from tenshu.ground.operations.derived import Derived
from tenshu.ground.search.rebuilding import rebuild_index


def make_anew() -> None:
    """As a job, in the transaction of the restore: reading every file takes many times what the restore itself does."""
    rebuild_index.enqueue()


DERIVED = [
    Derived("検索の索引", tables=("search_indexrow", "search_extract", "search_tokens"), rebuild=make_anew),
]
