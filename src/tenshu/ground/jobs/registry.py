"""Which jobs the house knows, by the path of their function."""

from django.utils.module_loading import import_string

_titles: dict[str, str] = {}
_limits: dict[str, float] = {}


def register(path: str, title: str, limit_seconds: float) -> None:
    """Remember the Japanese title of the job at ``path``, and how long an attempt may last."""
    _titles[path], _limits[path] = title, limit_seconds


def title_of(path: str) -> str:
    """The title of the job at ``path``; the name of its function when the code no longer knows it."""
    if path not in _titles:
        try:
            import_string(path)
        except ImportError:
            return path.rsplit(".", 1)[-1]
    return _titles.get(path, path.rsplit(".", 1)[-1])


def limit_of(path: str) -> float | None:
    """The seconds that an attempt at the job may last; ``None`` when the code no longer knows it."""
    title_of(path)  # a job is known as soon as its module was read
    return _limits.get(path)
