"""What goes out comes back the same, whatever it holds."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.exchange import export_table
from tenshu.ground.exchange.cells import guard, restore
from tenshu.ground.exchange.lookups import Lookups
from tenshu.ground.exchange.plan import Plan
from tenshu.ground.exchange.sent_values import plain_values
from tenshu.ground.exchange.tests.bringing_in import bring_in, planned, sent_out
from tenshu.ground.exchange.tests.memory_table import Colour, MemoryTable
from tenshu.ground.quantities import HeadCount, Quality

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffe\uffff"), max_size=60)
TRICKY = st.sampled_from(
    [
        *["=1+1", "+81-3", "-5", "@SUM(A1)", "\t=x", "'=a", "''+b", "'", "＝HYPERLINK", "-", "－"],
        *["ＡＢＣ　１２", '"引用"', "a,b", "①㈱髙﨑", "👨‍👩‍👧 😀", "  内 側  の空白 ", "\u3000"],
        *["一行目\n二行目\n\n四行目", "_x0041_", "1/2", "0042", "1E5", "TRUE", "#N/A"],
    ]
)
INNER = st.one_of(TEXT, TRICKY, st.tuples(TRICKY, TEXT).map("".join))
LINE = INNER.map(lambda text: " ".join(text.split("\n")).replace("\r", " "))


def filled(text: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return text.filter(lambda value: bool(value.strip()))


RECORD: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "name": filled(LINE),
        "text": INNER,
        "count": st.none() | st.integers(-(10**18), 10**18),
        "rate": st.none() | st.decimals(-(10**9), 10**9, places=9),
        "budget": st.none() | st.integers(-(10**13), 10**13),
        "settlement": st.none() | st.integers(0, 10**13),
        "day": st.none() | st.dates(datetime.date(1868, 10, 23), datetime.date(2199, 12, 31)),
        "is_open": st.none() | st.booleans(),
        "is_marked": st.booleans(),
        "year": st.none() | st.integers(1950, 2100).map(FiscalYear),
        "colour": st.none() | st.sampled_from([c.value for c in Colour]),
        "colours": st.sets(st.sampled_from([c.value for c in Colour])).map(
            lambda held: tuple(c.value for c in Colour if c.value in held)
        ),
        "people": st.none() | st.builds(HeadCount, st.integers(0, 10**6), st.sampled_from(Quality)),
    }
)
RECORDS = st.lists(RECORD, min_size=1, max_size=4)


def table_of(records: list[dict[str, Any]]) -> MemoryTable:
    table = MemoryTable()
    for number, record in enumerate(records):
        table.put(f"{number:04d}", **record)
    return table


def changes_nothing(plan: Plan) -> bool:
    return plan.errors == [] and all(row.kind is None for row in plan.rows)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@given(records=RECORDS)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_table_sent_out_comes_back_unchanged_and_fills_an_empty_office(
    kind: str, records: list[dict[str, Any]]
) -> None:
    table = table_of(records)
    content = sent_out(table, kind)
    assert changes_nothing(planned(table, content, f"見本.{kind}"))

    empty = MemoryTable()
    if kind == "xlsx":
        content = without_versions(table)
    bring_in(empty, content, f"見本.{kind}")
    for number, record in table.records.items():
        expected = plain_values(table, {**record, "author": ""})
        assert plain_values(table, empty.records[number]) == expected
    assert changes_nothing(planned(empty, content, f"見本.{kind}"))


def without_versions(table: MemoryTable) -> bytes:
    """The table as another office would get it: the visible cells alone."""
    lookups = Lookups()
    rows = [[c.write(values[c.name], lookups) for c in table.columns] for values in table.records.values()]
    return export_table(table.title, [column.heading for column in table.columns], rows)


@given(INNER)
def test_a_guarded_text_starts_no_formula_and_is_restored_exactly(text: str) -> None:
    assert restore(guard(text)) == text
    assert guard(text)[:1] not in tuple("=+@\t\r\n") or guard(text) in {"＋", "+"}


@pytest.mark.django_db
def test_a_text_that_no_cell_can_hold_stays_as_it_is(table: MemoryTable) -> None:
    table.put("0001", text="長" * 40_000, name="前")
    assert changes_nothing(planned(table, sent_out(table)))


@pytest.mark.django_db
def test_line_ends_and_outer_blanks_of_a_record_are_no_change(table: MemoryTable) -> None:
    table.put("0001", text=" 一\r\n二\r三 \n", name="　名称 ")
    assert changes_nothing(planned(table, sent_out(table)))


@pytest.mark.django_db
def test_digits_beyond_a_double_survive(table: MemoryTable) -> None:
    table.put("0001", rate=Decimal("123456789.123456789012"), count=10**17 + 1)
    assert changes_nothing(planned(table, sent_out(table)))
