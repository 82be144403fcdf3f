"""Two people, or two windows, at one import: what one has done the other does not undo. And files that once broke a page."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client

from tenshu.ground.access.models import User
from tenshu.ground.exchange import actions
from tenshu.ground.exchange.actions import ImportRefused, do_choose, do_commit, do_preview, do_refresh_preview
from tenshu.ground.exchange.models import ConflictChoice, ImportRun, RunState
from tenshu.ground.exchange.plan import Side
from tenshu.ground.exchange.registry import find_table
from tenshu.ground.exchange.tests.bringing_in import edited, uploaded, workbook
from tenshu.ground.exchange.tests.test_pages import STAFF, exported, preview, text_of
from tenshu.ground.office.models import Staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, secretary: User) -> Client:
    """The secretariat's browser."""
    client.force_login(secretary)
    return client


@pytest.fixture
def seen(desk: Client) -> ImportRun:
    """An import as another window has read it, before it is carried out."""
    return preview(desk, edited(exported(desk), {"B3": "例田 次郎"}))


@pytest.mark.parametrize(
    "late",
    [
        lambda run, user: do_refresh_preview(run, acting_user=user),
        lambda run, user: do_choose(run, {("x", "name"): Side.OURS}, acting_user=user),
        lambda run, user: do_commit(run, acting_user=user),
    ],
    ids=["refresh", "choose", "commit"],
)
def test_what_was_carried_out_stays_so_whatever_an_old_window_sends(
    seen: ImportRun, secretary: User, late: Callable[[ImportRun, User], object]
) -> None:
    do_commit(ImportRun.objects.get(pk=seen.pk), acting_user=secretary)
    with pytest.raises(ImportRefused, match="もう済んでいる"):
        late(seen, secretary)
    now = ImportRun.objects.get(pk=seen.pk)
    assert (now.state, now.committed_by) == (RunState.COMMITTED, secretary)
    assert now.request_id is not None
    assert not ConflictChoice.objects.exists()


def test_an_old_window_is_told_and_not_shown_an_error_page(
    desk: Client, seen: ImportRun, secretary: User
) -> None:
    do_commit(ImportRun.objects.get(pk=seen.pk), acting_user=secretary)
    for path in ("commit", "refresh"):
        assert "もう済んでいる" in text_of(desk.post(f"/imports/runs/{seen.pk}/{path}/", follow=True))


def test_a_second_commit_that_comes_while_the_first_one_is_at_it_is_refused_plainly(
    desk: Client, seen: ImportRun, secretary: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def outdated(run: ImportRun, *, acting_user: User) -> ImportRun:
        do_commit(run, acting_user=acting_user)
        raise actions.PreviewOutdated

    monkeypatch.setattr("tenshu.ground.exchange.ui.run_views.do_commit", outdated)
    assert "もう済んでいる" in text_of(desk.post(f"/imports/runs/{seen.pk}/commit/", follow=True))
    assert ImportRun.objects.get(pk=seen.pk).state == RunState.COMMITTED


def test_a_mended_file_does_not_take_back_what_was_carried_out(seen: ImportRun, secretary: User) -> None:
    spec = find_table(seen.spec, seen.scope)
    assert spec is not None
    content = workbook([["職員番号", "氏名"], ["1002", "例田 次郎"]], sheet="職員")
    first = do_preview(spec, uploaded(content), acting_user=secretary, replaces=seen)
    # The same button twice: the second finds the earlier try replaced already, and stands for itself.
    second = do_preview(spec, uploaded(content), acting_user=secretary, replaces=seen)
    assert (first.replaces, second.replaces) == (seen, None)
    do_commit(first, acting_user=secretary)
    do_preview(spec, uploaded(content), acting_user=secretary, replaces=first)
    assert ImportRun.objects.get(pk=first.pk).state == RunState.COMMITTED


def csv_of(*lines: str) -> bytes:
    return "\r\n".join(lines).encode("utf-8-sig")


def test_a_csv_with_a_very_long_name_is_previewed(desk: Client) -> None:
    run = preview(desk, csv_of("職員番号,氏名", "1002,例田 次郎"), name=f"{'長い名前' * 45}.csv")
    assert run.counts["changed_cells"] == 1
    assert desk.get(f"/imports/runs/{run.pk}/").status_code == 200


def test_a_csv_with_brackets_in_its_name_and_controls_in_its_cells_comes_back_marked(desk: Client) -> None:
    run = preview(desk, csv_of("職員番号,氏名,採用日", "1002,例田\x0b次郎,R9.3\x0b.32"), name="職員[1].csv")
    assert run.counts["errors"] == 1
    marked = desk.get(f"/imports/runs/{run.pk}/marked/")
    assert marked.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(marked.content)).worksheets[0]
    assert sheet["C2"].comment is not None


def test_a_workbook_that_spells_a_nul_is_read_without_it(desk: Client) -> None:
    # openpyxl writes the text as it stands; a reader of workbooks makes the character of it.
    run = preview(desk, workbook([["職員番号", "氏名"], ["1002", "例田_x0000_次郎"]], sheet="職員"))
    assert desk.post(f"/imports/runs/{run.pk}/commit/").status_code == 302
    assert Staff.objects.get(number="1002").name == "例田次郎"


@pytest.mark.parametrize("key", ['[["x"]]', "[{}]", "{}", "7", "[" * 5_000, '["1002",3]', "null"])
def test_a_hidden_key_that_somebody_has_changed_breaks_nothing(desk: Client, key: str) -> None:
    content = exported(desk)
    book = openpyxl.load_workbook(io.BytesIO(content))
    heading = next(cell for cell in book["職員"][1] if cell.value == "__行の鍵")
    run = preview(desk, edited(content, {f"{heading.column_letter}3": key}, sheet="職員"))
    assert run.counts["errors"] == 0


def test_what_was_sent_under_the_former_key_of_the_house_is_still_known(desk: Client, settings: Any) -> None:
    content = edited(exported(desk), {"B3": "例田 二郎"})
    Staff.objects.filter(number="1002").update(name="例田 三郎")
    former, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 60
    spec = find_table("office-staff", "")
    user = User.objects.get(login_name="secretary")
    assert spec is not None
    without = do_preview(spec, uploaded(content), acting_user=user)
    settings.SECRET_KEY_FALLBACKS = [former]
    known = do_preview(spec, uploaded(content), acting_user=user)
    assert without.sent_at is None
    assert known.sent_at is not None
    assert STAFF.endswith(f"{spec.name}/")
