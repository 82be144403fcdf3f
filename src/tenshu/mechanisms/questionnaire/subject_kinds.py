"""Divisions as subjects (所属)."""

import datetime
from collections.abc import Mapping, Sequence

from tenshu.ground.office.models import Unit, UnitKind
from tenshu.mechanisms.questionnaire.subjects import Attribute, AttributeValue, Subject


class UnitSubjects:
    """Departments and divisions."""

    key = "unit"
    label = "所属"
    model = "office.Unit"
    attributes: Sequence[Attribute] = (Attribute("部局"), Attribute("種別"))

    def subjects(self, on: datetime.date) -> Sequence[Subject]:
        """Departments and divisions of the day; each answers for itself."""
        units = Unit.objects.as_of(on).exclude(kind=UnitKind.GROUP).order_by("sort_order", "code")
        return [Subject(unit.pk, unit.name, unit.code, unit.pk) for unit in units]

    def attributes_of(
        self, keys: Sequence[int], on: datetime.date
    ) -> Mapping[int, Mapping[str, AttributeValue]]:
        """Department and kind of each unit."""
        units = Unit.objects.filter(pk__in=keys).select_related("parent__parent__parent")
        return {
            unit.pk: {"部局": unit.full_name.split(" ")[0], "種別": unit.get_kind_display()} for unit in units
        }


KINDS = [UnitSubjects()]
