"""The three-way merge."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenshu.ground.merging import merge

# A busy computer draws slowly, which says nothing of the merge.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
VALUES = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "x", "y", None, 1]), max_size=3)


def empty(value):
    return value in (None, "")


@unhurried
@given(VALUES, VALUES, VALUES)
def test_a_part_that_only_one_side_changed_is_taken_from_that_side(base, mine, stored):
    merged = merge(base, mine, stored)

    for part in "abc":
        before, typed, held = (side.get(part) for side in (base, mine, stored))
        same = typed == before or (empty(typed) and empty(before))
        untouched = held == before or (empty(held) and empty(before))
        result = merged.value.get(part)
        if same:
            assert result == held
        elif untouched:
            assert result == typed or (empty(result) and empty(typed))
        elif typed == held:
            assert result == typed
        else:
            assert part in merged.conflicts or (empty(typed) and empty(held))


@unhurried
@given(VALUES, VALUES)
def test_without_a_second_editor_everything_typed_is_saved(base, mine):
    merged = merge(base, mine, base)

    assert not merged.conflicts
    assert {k: v for k, v in merged.value.items() if not empty(v)} == {
        k: v for k, v in mine.items() if not empty(v)
    }


@unhurried
@given(VALUES, VALUES, VALUES)
def test_sent_once_more_the_conflicts_are_taken_and_what_only_the_other_side_changed_stays(
    base, mine, stored
):
    merged = merge(base, mine, stored)
    again = merge(merged.next_base, mine, merged.value)

    assert not again.conflicts
    for part in "abc":
        now, typed, held = again.value.get(part), mine.get(part), stored.get(part)
        if part in merged.conflicts:
            assert now == typed or (empty(now) and empty(typed))
        if part in merged.theirs:
            assert now == held or (empty(now) and empty(held))
