"""The WSGI entry that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenshu.config.settings")
application = get_wsgi_application()


def _settle() -> None:
    """Load every page's code now, and let no collection of garbage walk through it during a request."""
    from django.urls import get_resolver

    from tenshu.ground.api.door import resolver

    _ = get_resolver().url_patterns
    _ = resolver().url_patterns
    gc.collect()
    gc.freeze()


_settle()
