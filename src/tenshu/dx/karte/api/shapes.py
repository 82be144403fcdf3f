"""The shapes of kartes and of what hangs on systems, made from the fields of the models."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from django.db import models
from pydantic import BaseModel, ConfigDict, Field

from tenshu.dx.karte.fields import FIELDS, items
from tenshu.dx.karte.models import Karte, Server
from tenshu.dx.karte.models.choices import BANDS
from tenshu.dx.karte.ui.things import PARTS, REGISTERS, Thing
from tenshu.ground.api.model_shapes import body_shape, out_shape, values_of
from tenshu.ground.api.paging import Paging
from tenshu.ground.api.routes import Routes
from tenshu.ground.api.values import PLAIN, Body, Out, Reason, SystemRef, Year

ROUTES = Routes("karte", "システムカルテ")
YEARS = ("fiscal_year", "from_year", "until_year")
CONTACTS = ("main_contact", "second_contact")

Band = Annotated[int, Field(ge=0, le=2**31 - 1)] | None
Loads = dict[
    Literal["cpu", "memory", "disk", "iops"],
    Annotated[list[Band], Field(min_length=len(BANDS), max_length=len(BANDS))],
]
"""The largest load in each of six time bands, by what is measured."""
Item = Literal[tuple(name for name, _ in items())]  # type: ignore[valid-type]


class YearQuery(Paging):
    """Of which year."""

    year: Year | Literal[""] = ""


class OneYearQuery(BaseModel):
    """Of which year; without one the newest opened year."""

    model_config = ConfigDict(extra="forbid")

    year: Year | Literal[""] = ""


class WhyQuery(BaseModel):
    """Why something is taken away; stands in the record."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


FactsOut: Any = out_shape("KarteFactsOut", "The facts of a system; null means not known.", Karte, FIELDS)
FactsIn: Any = body_shape(
    "KarteFactsIn", "Facts to be changed; null makes one unknown. Contacts are staff numbers.", Karte, FIELDS
)


class KarteOut(Out):
    """The karte of a system, with how complete it is in the year (percent)."""

    system: SystemRef
    score: int | None
    facts: FactsOut | None


@dataclass(frozen=True)
class Kind:
    """A kind of thing over the API: its addresses and shapes."""

    thing: Thing
    path: str
    related: tuple[str, ...]
    key: str
    shape: Any
    new: Any
    patch: Any

    @property
    def word(self) -> str:
        """Its word in the names of operations."""
        return self.thing.key.replace("-", "_")

    def out(self, record: models.Model) -> Any:
        """The record as it is answered."""
        names = [name for name in self.shape.model_fields if name != "id"]
        return self.shape(id=record.pk, **values_of(record, names))


_ADDRESSES = {
    "server": ("Server", "servers", ("system", "host")),
    "software": ("Software", "software", ("system", "vendor")),
    "contract": ("Contract", "contracts", ("system", "vendor")),
    "environment": ("Environment", "environments", ("system",)),
    "dependency": ("DataFlow", "data-flows", ("source", "target")),
    "cost": ("CostLine", "cost-lines", ("system", "item")),
    "vendor": ("Vendor", "vendors", ()),
    "host": ("Host", "hosts", ()),
    "cost-item": ("CostItem", "cost-items", ()),
    "matching-rule": ("MatchingRule", "matching-rules", ("system",)),
    "completeness-rule": ("CompletenessRule", "completeness-rules", ()),
}
"""Key of a kind → the name of its shapes, its word in addresses, and the records that are read along."""


def _kind(thing: Thing) -> Kind:
    title, path, related = _ADDRESSES[thing.key]
    owner = ("system",) if "system" in related and "system" not in thing.fields else ()
    loads = {"loads": Loads} if thing.model is Server else {}
    written: dict[str, Any] = {**loads, **({"item": Item} if thing.key == "completeness-rule" else {})}
    names = [name for name in thing.fields if name not in written]
    told = {"years": YEARS, **written}
    return Kind(
        thing=thing,
        path=path,
        related=related,
        key=f"{thing.key.replace('-', '_')}_id",
        shape=out_shape(
            f"{title}Out", f"{thing.label}.", thing.model, (*owner, *thing.fields), years=YEARS, **loads
        ),
        new=body_shape(f"{title}In", f"A new one: {thing.label}.", thing.model, names, whole=True, **told),
        patch=body_shape(f"{title}Patch", f"What is changed: {thing.label}.", thing.model, names, **told),
    )


KINDS: Mapping[str, Kind] = {key: _kind(thing) for key, thing in {**PARTS, **REGISTERS}.items()}
"""Every kind of thing by its key."""


class NotApplicableIn(Body):
    """Why something cannot exist for a system; empty takes it back."""

    reason: Annotated[str, Field(max_length=300), PLAIN]


class AskedOut(Out):
    """One rule of completeness, judged for a system."""

    item: str
    label: str
    weight: int
    level: int
    may_not_apply: bool
    state: str
    reason: str


class CompletenessOut(Out):
    """How complete a karte is in a year: percent of the weights, and every rule."""

    system: SystemRef
    fiscal_year: str
    score: int | None
    rules: list[AskedOut]
