"""Finds altered, removed, inserted or reordered audit rows by walking the chain."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Exists, OuterRef

from tenshu.ground.audit.hashing import GENESIS, link_hash, row_hash
from tenshu.ground.audit.models import AuditRow, PendingRow, Seal
from tenshu.ground.audit.sealing import anchor_path


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where the record does not hold: what is wrong, and where."""

    kind: str
    message: str


def verify_chain() -> Iterator[Breach]:
    """Walk all rows and links in constant memory; yields every breach, nothing when the record is whole."""
    yield from _walk_links()
    yield from _rows_outside_order()
    yield from _anchors()


def _walk_links() -> Iterator[Breach]:
    previous, expected = GENESIS, 0
    rows = AuditRow.objects.all()
    batch: list[Seal] = []
    for seal in Seal.objects.order_by("position").iterator(chunk_size=1000):
        expected += 1
        if seal.position != expected:
            yield Breach("link_missing", f"封印 {expected}～{seal.position - 1} 番がありません。")
            expected = seal.position
        if link_hash(previous, seal.position, seal.row_hash) != seal.chain_hash:
            yield Breach("link_altered", f"封印 {seal.position} 番が書き換えられています。")
        previous = seal.chain_hash
        batch.append(seal)
        if len(batch) == 500:
            yield from _compare(batch, rows.in_bulk([s.row_uid for s in batch], field_name="uid"))
            batch = []
    yield from _compare(batch, rows.in_bulk([s.row_uid for s in batch], field_name="uid"))


def _compare(seals: list[Seal], rows: dict[object, AuditRow]) -> Iterator[Breach]:
    for seal in seals:
        row = rows.get(seal.row_uid)
        if row is None:
            yield Breach(
                "row_removed", f"封印 {seal.position} 番の監査記録（{seal.row_uid}）が消されています。"
            )
        elif row_hash(row) != row.row_hash or row.row_hash != seal.row_hash:
            yield Breach(
                "row_altered",
                f"監査記録 {row.pk}（{row.at:%Y-%m-%d %H:%M:%S} {row.target_label}）が書き換えられています。",
            )


def _rows_outside_order() -> Iterator[Breach]:
    """Rows not sealed yet must carry a right hash too, and wait for their seal."""
    unsealed = AuditRow.objects.filter(~Exists(Seal.objects.filter(row_uid=OuterRef("uid"))))
    waiting = Exists(PendingRow.objects.filter(pk=OuterRef("pk")))
    for row in unsealed.annotate(is_waiting=waiting).iterator(chunk_size=500):
        if row_hash(row) != row.row_hash:
            yield Breach(
                "row_altered", f"未封印の監査記録 {row.pk}（{row.target_label}）が書き換えられています。"
            )
        elif not row.is_waiting:
            yield Breach(
                "row_unsealed", f"監査記録 {row.pk}（{row.target_label}）が封印の順番から外されています。"
            )
    gone = PendingRow.objects.filter(~Exists(AuditRow.objects.filter(pk=OuterRef("pk"))))
    for pk in gone.values_list("pk", flat=True):
        yield Breach("row_removed", f"未封印の監査記録 {pk} が消されています。")


def _anchors() -> Iterator[Breach]:
    """The heads kept outside the database show whether the tail was cut off or the chain made anew."""
    path = Path(anchor_path())
    if not path.exists():
        return
    anchors = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        anchors[int(entry["position"])] = str(entry["chain_hash"])
    found = dict(Seal.objects.filter(position__in=list(anchors)[-500:]).values_list("position", "chain_hash"))
    for position in list(anchors)[-500:]:
        if found.get(position) != anchors[position]:
            yield Breach(
                "tail_cut",
                f"封印 {position} 番が、データベースの外の控えと一致しません（削除または作り直し）。",
            )
