"""What django-allauth asks of an identity provider leaves by the house's one door (``ground.outgoing``)."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import get_encoding_from_headers

from tenshu.ground.outgoing import door

TIMEOUT = 10
MOST = 1_000_000
#: What the door sets itself, and what it would have to undo.
_NOT_TAKEN = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})


class DoorTransport(BaseAdapter):
    """Sends what ``requests`` was asked for. The hosts of the office's own file may lie inside, others must be public."""

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """One exchange; certificates, proxy, time and size are the door's. Raises ``requests.ConnectionError``."""
        body = request.body or b""
        if not isinstance(body, str | bytes):
            raise requests.exceptions.InvalidSchema("Only forms and JSON go out, no streams.")
        try:
            answer = door.request(
                request.method or "GET",
                request.url or "",
                headers={
                    name: str(value)
                    for name, value in request.headers.items()
                    if name.lower() not in _NOT_TAKEN
                },
                body=body.encode() if isinstance(body, str) else body,
                timeout=TIMEOUT,
                max_bytes=MOST,
                redirects=0,
                named=provider_hosts(),
            )
        except door.OutgoingError as error:
            raise requests.ConnectionError(str(error), request=request) from error
        response = requests.Response()
        response.status_code, response.url, response.request = answer.status, answer.url, request
        response.headers = CaseInsensitiveDict(answer.headers)
        response.encoding = get_encoding_from_headers(response.headers)
        response.raw = BytesIO(answer.body)
        return response

    def close(self) -> None:
        """Nothing is kept open."""


def provider_hosts() -> frozenset[str]:
    """The hosts of the OpenID Connect providers that the office has named."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return frozenset(urlsplit(app["settings"]["server_url"]).hostname or "" for app in apps)


def door_session() -> requests.Session:
    """A session of ``requests`` that knows no other way out, and neither proxies nor passwords of its surroundings."""
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", DoorTransport())
    session.mount("http://", DoorTransport())
    return session
