"""Which jobs the house knows, by the path of their function."""

from django.utils.module_loading import import_string

_titles: dict[str, str] = {}


def register(path: str, title: str) -> None:
    """Remember the Japanese title of the job at ``path``."""
    _titles[path] = title


def title_of(path: str) -> str:
    """The title of the job at ``path``; the name of its function when the code no longer knows it."""
    if path not in _titles:
        try:
            import_string(path)
        except ImportError:
            return path.rsplit(".", 1)[-1]
    return _titles.get(path, path.rsplit(".", 1)[-1])
