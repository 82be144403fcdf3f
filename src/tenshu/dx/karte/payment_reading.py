"""Reads the accounting export (会計の出力): one row a payment, every fault with its cell, all at once."""

from collections.abc import Collection, Mapping, Sequence

from django.core.exceptions import ValidationError
from django.core.files.base import File

from tenshu.dx.karte.columns import columns_of
from tenshu.dx.karte.models import Payment
from tenshu.ground.access.models import User
from tenshu.ground.exchange import CurrentRow, Key, RowChange, TableSpec
from tenshu.ground.exchange.layout import find_layout
from tenshu.ground.exchange.lookups import Lookups
from tenshu.ground.exchange.reading import read_book, refuse_large
from tenshu.ground.exchange.rows import RowReader

MOST_FAULTS = 50


class _Export(TableSpec):
    """The columns of the export; it has no key of its own: file and row tell one payment from another."""

    name = "karte-payment-export"
    title = "支払い"
    key = ()
    label = "description"
    columns = columns_of(
        Payment,
        (
            "fiscal_year", "department", "division", "paid_on", "account", "section", "description", "amount",
            "project",
        ),
        required=("fiscal_year", "paid_on", "amount"),
    )  # fmt: skip

    def current(self, keys: Collection[Key]) -> Mapping[Key, CurrentRow]:
        return {}

    def save(self, changes: Sequence[RowChange], *, acting_user: User) -> None:
        raise TypeError("An export is read by read_payments.")


def payments_in(file: File[bytes]) -> list[Payment]:
    """``read_payments`` of what was sent; a file that is too large is refused before it is read into memory."""
    refuse_large(file.size)
    return read_payments(file.read(), file.name or "")


def read_payments(content: bytes, name: str) -> list[Payment]:
    """The payments of a file, not saved.

    Raises ``FileRefused`` for a file that cannot be taken, ``ValidationError`` with every fault and its cell.
    """
    spec = _Export()
    layout = find_layout(read_book(content, name), spec)
    rows = RowReader(spec, layout, Lookups()).read()
    faults = [f"{error.where} {error.message}。{error.cure}" for row in rows for error in row.errors]
    if faults:
        more = len(faults) - MOST_FAULTS
        raise ValidationError(faults[:MOST_FAULTS] + ([f"ほかに{more}件あります。"] if more > 0 else []))
    if not rows:
        raise ValidationError("支払いの行がありません。")
    return [Payment(source_file=name[:200], source_row=row.number, **row.values) for row in rows]
