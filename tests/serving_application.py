"""The application as ``tests.serving`` runs it: the product's own, with the static files of the source."""

import os
from types import SimpleNamespace

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenshu.config.settings")

from conftest import pytest_configure

pytest_configure(SimpleNamespace())  # type: ignore[arg-type]

from tenshu.config.wsgi import application  # noqa: E402

__all__ = ["application"]
