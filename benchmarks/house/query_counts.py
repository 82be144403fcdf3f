"""Prints ``{page: number of queries}`` of the home of the environment as JSON, or with ``--addresses`` the addresses."""

import json
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from page_list import pages  # noqa: E402

from tenshu.ground.access.models import User  # noqa: E402


def main() -> None:
    """Every page twice: what is kept for the process is not counted."""
    addresses = pages()
    if "--addresses" in sys.argv:
        print(json.dumps(addresses, ensure_ascii=False))
        return
    # Names of static files are worked out without a manifest: nothing is served here.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.WHITENOISE_AUTOREFRESH = True
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(User.objects.get(login_name=sys.argv[1]))
    found = {}
    for label, address in addresses.items():
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{label}: {address} answers {answer.status_code}")
        found[label] = len(queries)
        if "--explain" in sys.argv:
            print(f"== {label}")
            for query in sorted(queries.captured_queries, key=lambda q: -float(q["time"]))[:4]:
                print(f"   {query['time']} {query['sql'][:600]}")
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
