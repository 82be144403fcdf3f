"""The record over the API, to be read only."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from pydantic import Field

from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.problems import ApiProblem
from tenshu.ground.api.routes import ApiRequest, Query, Routes
from tenshu.ground.api.values import DIGITS, Day, Out, Text
from tenshu.ground.audit.models import AuditRow, Seal
from tenshu.ground.audit.queries import rows_for
from tenshu.ground.audit.ui.views import meant_by, midnight, of_channel
from tenshu.ground.audit.verbs import verb_label

ROUTES = Routes("audit", "監査記録")
COUNTED_UP_TO = 10_000


class AuditRowOut(Out):
    """One change: who, when, from where, what, before and after; ``position`` in the chain is null until it is sealed."""

    id: int
    position: int | None
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
    """Which changes. Whoever copies the record goes on with ``after_position``: in the order of the chain no row comes late,
    while a row may be committed after one with a higher ``id``. ``sort`` is then of no account.
    """

    q: Text = ""
    since: Day | Literal[""] = ""
    until: Day | Literal[""] = ""
    channel: Text = ""
    verb: Text = ""
    target_type: Text = ""
    target_key: Text = ""
    after_id: Annotated[int, Field(ge=0, le=2**62), DIGITS] | Literal[""] = ""
    after_position: Annotated[int, Field(ge=0, le=2**62), DIGITS] | Literal[""] = ""
    sort: Literal["-id", "id"] = "-id"


def _row_out(row: AuditRow, positions: Mapping[uuid.UUID, int]) -> AuditRowOut:
    return AuditRowOut(
        id=row.pk,
        position=positions.get(row.uid),
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
    if query.after_position != "":
        return _by_position(request, rows, query, query.after_position)
    rows = rows.order_by("-pk" if query.sort == "-id" else "pk")
    page: Page[Any] = page_of(request, rows, query, lambda row: row, counted_up_to=COUNTED_UP_TO)
    positions = _positions(page.items)
    items = [_row_out(row, positions) for row in page.items]
    return page.holding(items)


def _by_position(
    request: ApiRequest, rows: QuerySet[AuditRow], query: AuditQuery, after: int
) -> Page[AuditRowOut]:
    """The rows that were sealed behind a place of the chain, in its order."""
    seals = Seal.objects.filter(position__gt=after).order_by("position")
    if rows.query.has_filters():
        seals = seals.filter(row_uid__in=rows.values("uid"))
    page: Page[Any] = page_of(request, seals, query, lambda seal: seal, counted_up_to=COUNTED_UP_TO)
    positions = {seal.row_uid: seal.position for seal in page.items}
    found = {row.uid: row for row in AuditRow.objects.filter(uid__in=list(positions))}
    items = [_row_out(found[uid], positions) for uid in positions if uid in found]
    return page.holding(items)


def _positions(rows: Sequence[AuditRow]) -> dict[uuid.UUID, int]:
    """The places of rows in the chain; those without a seal are left out."""
    seals = Seal.objects.filter(row_uid__in=[row.uid for row in rows])
    return dict(seals.values_list("row_uid", "position"))


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
    return _row_out(row, _positions([row]))
