"""The table of the office itself: one row with its name."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from tenshu.ground.exchange import ChangeKind, RowChange, TextColumn
from tenshu.ground.exchange.model_table import ModelTable
from tenshu.ground.office.models import OfficeProfile

if TYPE_CHECKING:
    from tenshu.ground.access.models import User


class ProfileTable(ModelTable):
    """団体.csv"""

    name = "office-profile"
    title = "団体"
    noun = "団体"
    opens_from = "office:unit-tree"
    model = OfficeProfile
    verb = "office.profile"
    key = ("name",)
    columns = (TextColumn("name", "団体名", required=True, longest=100),)

    def queryset(self) -> "QuerySet[Any]":
        return OfficeProfile.objects.order_by("pk")

    def save(self, changes: Sequence[RowChange], *, acting_user: "User") -> None:
        """There is one office: another name renames it."""
        present = self.queryset().first()
        if present is not None:
            changes = [replace(item, kind=ChangeKind.CHANGE, pk=present.pk) for item in changes]
        super().save(changes[-1:], acting_user=acting_user)


PROFILE_TABLE = ProfileTable()
