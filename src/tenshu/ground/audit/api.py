"""The record over the API, to be read only."""

import datetime
import uuid
from typing import Annotated, Any, Literal

from pydantic import Field

from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.problems import ApiProblem
from tenshu.ground.api.routes import ApiRequest, Query, Routes
from tenshu.ground.api.values import DIGITS, Day, Out, Text
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.audit.queries import rows_for
from tenshu.ground.audit.ui.views import meant_by, midnight, of_channel
from tenshu.ground.audit.verbs import verb_label

ROUTES = Routes("audit", "監査記録")
COUNTED_UP_TO = 10_000


class AuditRowOut(Out):
    """One change: who, when, from where, what, before and after."""

    id: int
    uid: uuid.UUID
    at: datetime.datetime
    actor: str
    channel: str
    address: str
    request_id: uuid.UUID
    verb: str
    verb_label: str
    target_type: str
    target_key: str
    target_label: str
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str
    row_hash: str


class AuditQuery(Paging):
    """Which changes; the oldest first with ``sort=id``, so that a reader can go on where it stopped."""

    q: Text = ""
    since: Day | Literal[""] = ""
    until: Day | Literal[""] = ""
    channel: Text = ""
    verb: Text = ""
    target_type: Text = ""
    target_key: Text = ""
    after_id: Annotated[int, Field(ge=0, le=2**62), DIGITS] | Literal[""] = ""
    sort: Literal["-id", "id"] = "-id"


def _row_out(row: AuditRow) -> AuditRowOut:
    return AuditRowOut(
        id=row.pk,
        uid=row.uid,
        at=row.at,
        actor=row.actor_name,
        channel=row.channel,
        address=row.address,
        request_id=row.request_id,
        verb=row.verb,
        verb_label=verb_label(row.verb),
        target_type=row.target_type,
        target_key=row.target_key,
        target_label=row.target_label,
        before=row.before,
        after=row.after,
        reason=row.reason,
        row_hash=row.row_hash,
    )


@ROUTES.get(
    "/audit-rows", page="audit:row-list", gives=Page[AuditRowOut], summary="監査記録の一覧", personal=True
)
def row_list(request: ApiRequest, query: Query[AuditQuery]) -> Page[AuditRowOut]:
    """Changes, the newest first; ``count`` is null beyond 10,000."""
    rows = rows_for(request.person)
    for word in query.q.split():
        rows = rows.filter(meant_by(word))
    if query.since:
        rows = rows.filter(at__gte=midnight(query.since))
    if query.until:
        rows = rows.filter(at__lt=midnight(query.until) + datetime.timedelta(days=1))
    for name in ("verb", "target_type", "target_key"):
        if given := getattr(query, name):
            rows = rows.filter(**{name: given})
    if query.channel:
        rows = rows.filter(of_channel(query.channel))
    if query.after_id != "":
        rows = rows.filter(pk__gt=query.after_id)
    rows = rows.order_by("-pk" if query.sort == "-id" else "pk")
    return page_of(request, rows, query, _row_out, counted_up_to=COUNTED_UP_TO)


@ROUTES.get(
    "/audit-rows/{int:row_id}",
    page="audit:row-detail",
    gives=AuditRowOut,
    summary="監査記録の行",
    personal=True,
)
def row_detail(request: ApiRequest, row_id: int) -> AuditRowOut:
    """One change."""
    row = rows_for(request.person).filter(pk=row_id).first()
    if row is None:
        raise ApiProblem("not-found")
    return _row_out(row)
