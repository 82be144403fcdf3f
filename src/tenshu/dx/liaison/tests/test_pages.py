import pytest
from django.test import Client
from tests.world import World

from tenshu.dx.liaison.actions import do_add_conference, do_plan_session
from tenshu.dx.liaison.models import Conference, ConferenceSession, Scope
from tenshu.ground.access.roles import Role
from tenshu.mechanisms.gathering.actions import do_remove_gathering, do_reopen_gathering
from tenshu.mechanisms.gathering.models import Gathering, GatheringKind
from tenshu.mechanisms.gathering.tests.asking import (
    client_of,
    last_record,
    queries_of,
    refused,
    send,
    session,
    text_of,
    verbs,
)


@pytest.fixture
def secretary(world: World) -> Client:
    return client_of(world.users[Role.SECRETARIAT])


@pytest.fixture
def officer(world: World) -> Client:
    return client_of(world.users[Role.OFFICER])


def values(world: World, **changed: str) -> dict[str, object]:
    given = {
        "season": "秋",
        "title": "全国会議 秋",
        "held_on": "令和５年１１月１０日",
        "form": "online",
        "host": "0102",
    }
    return {"conference": world.kwargs["conference_id"], **given, **changed}


def test_a_series_and_its_conference_are_entered_and_reported(world: World, secretary: Client) -> None:
    before = len(verbs())
    send(secretary, "/liaison/conferences/new/", name="ブロック会議", scope="regional", organiser="見本県")
    conference = Conference.objects.get(name="ブロック会議")
    send(
        secretary, "/liaison/sessions/new/", **values(world, conference=str(conference.pk), starts_at="13:30")
    )
    found = ConferenceSession.objects.get(season="秋")
    here = f"/liaison/sessions/{found.pk}/"
    assert "復命を入れてください" in refused(secretary, f"{here}report/", report_back="")
    send(secretary, f"{here}report/", report_back="共同調達の話があった。")
    text = text_of(secretary, here)
    for words in (
        "ブロック会議 秋",
        "令和5年11月10日",
        "13:30～",
        "共同調達の話があった。",
        "議事と資料を見る",
    ):
        assert words in text, words
    assert verbs()[before:] == [
        "liaison.conference_added",
        "gathering.planned",
        "liaison.session_planned",
        "liaison.reported_back",
    ]


def test_a_refused_conference_keeps_what_was_typed(world: World, secretary: Client) -> None:
    text = refused(
        secretary, "/liaison/sessions/new/", **values(world, held_on="令和5年13月1日", outline="概要の文")
    )
    assert "令和5年13月1日" in text
    assert "概要の文" in text
    text = refused(secretary, "/liaison/sessions/new/", **values(world, season="春"))
    assert "全国見本会議の令和5年度春は、もう登録されています" in text
    assert not Gathering.objects.filter(title="全国会議 秋").exists()
    refused(secretary, "/liaison/conferences/new/", name="全国見本会議", scope="national")
    assert Conference.objects.count() == 1


def test_conference_and_session_are_corrected_on_one_page(world: World, secretary: Client) -> None:
    here = f"/liaison/sessions/{world.kwargs['session_id']}/correct/"
    assert "全国見本会議 春" in text_of(secretary, here)
    send(secretary, here, **values(world, season="前期"))
    found = ConferenceSession.objects.get()
    assert (found.season, found.gathering.title) == ("前期", "全国会議 秋")
    assert verbs()[-2:] == ["liaison.session_changed", "gathering.changed"]
    send(
        secretary,
        f"/liaison/conferences/{world.kwargs['conference_id']}/correct/",
        name="全国会議",
        scope="other",
    )
    assert last_record().verb == "liaison.conference_changed"


def test_divisions_read_conferences_and_only_the_secretariat_writes(world: World, officer: Client) -> None:
    here = f"/liaison/sessions/{world.kwargs['session_id']}/"
    for page in ("/liaison/", "/liaison/conferences/", here):
        text = text_of(officer, page)
        for words in ("登録する", "直す", "復命を書く", "Excelで取り込む", "議事と資料を見る"):
            assert words not in text, (page, words)
    for page in ("sessions/new/", "conferences/new/"):
        assert officer.post(f"/liaison/{page}").status_code == 403
    for page in (f"{here}correct/", f"{here}report/"):
        assert officer.post(page).status_code == 403
    assert officer.get(f"/gatherings/{world.objects['session'].gathering_id}/").status_code == 404
    assert officer.get("/liaison/sessions/999999/").status_code == 404


def test_the_session_of_a_conference_links_back(world: World, secretary: Client) -> None:
    found = world.objects["session"]
    text = text_of(secretary, f"/gatherings/{found.gathering_id}/")
    assert f'href="/liaison/sessions/{found.pk}/"' in text
    assert f'href="/liaison/sessions/{found.pk}/correct/"' in text
    user = world.users[Role.SECRETARIAT]
    do_reopen_gathering(found.gathering, acting_user=user, reason="誤り")
    do_remove_gathering(found.gathering, acting_user=user, reason="二重")
    assert not ConferenceSession.objects.exists()
    assert verbs()[-2:] == ["liaison.session_removed", "gathering.removed"]


def test_the_list_is_of_the_year_and_narrows_by_scope(world: World, secretary: Client) -> None:
    assert "全国見本会議" in text_of(secretary, "/liaison/", nendo="R5")
    assert "この年度の会議はありません" in text_of(secretary, "/liaison/", nendo="R4")
    assert "条件に合うものがありません" in text_of(secretary, "/liaison/", nendo="R5", scope="regional")


def test_the_lists_cost_the_same_for_ten_and_for_sixty_rows(world: World, secretary: Client) -> None:
    user = world.users[Role.SECRETARIAT]

    def fill(numbers: range) -> None:
        for number in numbers:
            conference = do_add_conference(
                Conference(name=f"会議{number}", scope=Scope.OTHER), acting_user=user
            )
            gathering = session(world.house.units["0102"], f"会議{number}", kind=GatheringKind.CONFERENCE)
            do_plan_session(
                ConferenceSession(conference=conference, season="春"), gathering, acting_user=user
            )

    fill(range(10))
    pages = ("/liaison/", "/liaison/conferences/")
    ten = {page: queries_of(secretary, page) for page in pages}
    fill(range(10, 60))
    assert {page: queries_of(secretary, page) for page in pages} == ten
