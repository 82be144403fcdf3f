"""Units of ten years: 12 departments, one of them huge, and two reorganisations that begin units anew."""

import datetime
from dataclasses import dataclass, field

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.models import Succession, Unit, UnitDuty, UnitDutyKind, UnitKind

WORDS = ["企画", "総務", "財務", "税務", "福祉", "健康", "環境", "農政", "商工", "土木", "都市", "教育"]
GROUPS = ("総務", "推進", "調整")
FOREVER = datetime.date(9999, 1, 1)


@dataclass
class Offices:
    """The units. A line is the same place over the years: its unit rows in the order of time."""

    lines: list[list[Unit]] = field(default_factory=list)
    """The groups' lines, in which people work, those of the huge department first."""
    divisions: list[list[Unit]] = field(default_factory=list)
    secretariat: Unit | None = None

    @staticmethod
    def on(line: list[Unit], day: datetime.date) -> Unit:
        """The row of a line that holds on ``day``."""
        return next(unit for unit in line if unit.holds_on(day))


@dataclass
class Drawn:
    """What is to be written: the rows of all lines and who followed whom."""

    rows: list[Unit] = field(default_factory=list)
    successions: list[Succession] = field(default_factory=list)


def build_units(years: list[FiscalYear], share: float) -> Offices:
    """Every third department is renamed in the 4th year, another third in the 8th; all below begin anew."""
    offices, drawn = Offices(), Drawn()
    turns = [years[3].start, years[7].start]
    for place, word in enumerate(WORDS[: max(3, round(12 * share))]):
        starts = [years[0].start] + ([turns[place % 3]] if place % 3 < 2 else [])
        tops = _line(drawn, f"{place + 1:02}", UnitKind.DEPARTMENT, f"{word}部", starts, None)
        for number in range(max(4, round((60 if place == 0 else 20) * share))):
            code, name = f"{place + 1:02}{number + 1:02}", f"{word}第{number + 1}課"
            line = _line(drawn, code, UnitKind.DIVISION, name, starts, tops)
            offices.divisions.append(line)
            offices.lines += [
                _line(drawn, f"{code}{g + 1:02}", UnitKind.GROUP, f"{label}グループ", starts, line)
                for g, label in enumerate(GROUPS)
            ]
    for depth in (UnitKind.DEPARTMENT, UnitKind.DIVISION, UnitKind.GROUP):
        Unit.objects.bulk_create([unit for unit in drawn.rows if unit.kind == depth], batch_size=1000)
    Succession.objects.bulk_create(drawn.successions, batch_size=1000)
    offices.secretariat = offices.divisions[1][-1]
    for line in offices.divisions[1:3]:
        kind = UnitDutyKind.SECRETARIAT if line is offices.divisions[1] else UnitDutyKind.SECURITY
        for unit in line:
            UnitDuty.objects.create(
                unit=unit, kind=kind, valid_from=unit.valid_from, valid_until=unit.valid_until
            )
    return offices


def _line(
    drawn: Drawn,
    code: str,
    kind: UnitKind,
    name: str,
    starts: list[datetime.date],
    above: list[Unit] | None,
) -> list[Unit]:
    """The rows of one place; ``above`` is the parent's line, which turns on the same days."""
    line: list[Unit] = []
    for turn, start in enumerate(starts):
        until = starts[turn + 1] - datetime.timedelta(days=1) if turn + 1 < len(starts) else None
        unit = Unit(
            code=code if turn == 0 else f"{code}N",
            kind=kind,
            name=name if turn == 0 else f"{name[:-1]}推進{name[-1]}" if kind != UnitKind.GROUP else name,
            parent=above[turn] if above else None,
            valid_from=start,
            valid_until=until,
            sort_order=len(drawn.rows),
        )
        if line:
            drawn.successions.append(Succession(predecessor=line[-1], successor=unit, on=start))
        line.append(unit)
    drawn.rows += line
    return line
