"""The index is made of the records and files: no backup holds it, a restore makes it anew."""

from tenshu.ground.operations.derived import Derived
from tenshu.ground.search.rebuilding import rebuild

DERIVED = [
    Derived("検索の索引", tables=("search_indexrow", "search_extract", "search_tokens"), rebuild=rebuild),
]
