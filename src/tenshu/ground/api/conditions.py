"""ETags: what has not changed is not sent again, and what has changed is not overwritten unseen."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.http import parse_etags
from pydantic import BaseModel

from tenshu.ground.api.problems import ApiProblem

if TYPE_CHECKING:
    from tenshu.ground.api.routes import ApiRequest


def etag_of(content: bytes) -> str:
    """A strong tag over the content: every change of what is answered changes it, whichever record it comes from."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def is_known(request: "ApiRequest", tag: str) -> bool:
    """Whether the asker has this content already (``If-None-Match``)."""
    known = request.headers.get("If-None-Match", "")
    return bool(known) and (known.strip() == "*" or tag in parse_etags(known.replace("W/", "")))


def unchanged_since(request: "ApiRequest", shape: Callable[[], BaseModel]) -> None:
    """Answer 412 when ``If-Match`` does not fit what a GET would answer now.

    Call it after the row was locked, inside the transaction of the write.
    """
    request.condition_kept = True
    wanted = request.headers.get("If-Match", "")
    if not wanted or wanted.strip() == "*":
        return
    if etag_of(shape().model_dump_json().encode()) not in parse_etags(wanted):
        raise ApiProblem("changed")
