"""Staff, posts with transfers every few years, accounts."""

import datetime
import random
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password
from ten_years_units import Offices

from tenshu.ground.access.actions import system_user
from tenshu.ground.access.models import User
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.models import Post, PostRank, Staff, Unit

SURNAMES = [("見本", "みほん"), ("例田", "れいだ"), ("試山", "ためしやま"), ("仮川", "かりかわ"), ("雛形", "ひながた"),
            ("様木", "さまき"), ("型井", "かたい"), ("架空", "かくう"), ("練習", "れんしゅう"), ("例橋", "れいばし")]  # fmt: skip
GIVEN = [("太郎", "たろう"), ("花子", "はなこ"), ("一郎", "いちろう"), ("春子", "はるこ"), ("夏男", "なつお"),
         ("秋江", "あきえ"), ("冬彦", "ふゆひこ"), ("健", "けん"), ("さくら", "さくら"), ("誠", "まこと")]  # fmt: skip
STAFF, LEFT = 20_000, 6_000
PASSWORD = "mihon-no-aikotoba-1"
DAY = datetime.timedelta(days=1)


@dataclass
class People:
    """Who there is, and with which account the pages are read (a member of the secretariat)."""

    staff: list[Staff] = field(default_factory=list)
    accounts: list[User] = field(default_factory=list)
    login: str = ""
    password: str = PASSWORD


def build_people(offices: Offices, years: list[FiscalYear], share: float, seed: int) -> People:
    """20,000 in service and 6,000 who left, each with a post every three years, 3 % with a second one."""
    dice, people = random.Random(seed), People()
    people.staff = _staff(round(STAFF * share), round(LEFT * share), years, dice)
    Staff.objects.bulk_create(people.staff, batch_size=1000)
    posts: list[Post] = []
    for index, person in enumerate(people.staff):
        posts += _career(person, index, offices, years, dice)
    reader = people.staff[0]
    posts = [post for post in posts if post.staff is not reader]
    assert offices.secretariat is not None
    posts.append(Post(staff=reader, unit=offices.secretariat, valid_from=offices.secretariat.valid_from))
    Post.objects.bulk_create(posts, batch_size=1000)
    people.accounts = _accounts(people.staff, reader)
    people.login = reader.number
    return people


def _staff(staying: int, left: int, years: list[FiscalYear], dice: random.Random) -> list[Staff]:
    found = []
    for number in range(staying + left):
        (surname, surname_kana), (given, given_kana) = dice.choice(SURNAMES), dice.choice(GIVEN)
        joined = dice.choice(years[:6]).start if dice.random() < 0.3 else years[0].start
        person = Staff(
            number=f"{100_000 + number}",
            name=f"{surname} {given}",
            kana=f"{surname_kana} {given_kana}",
            mail=f"mihon{number}@example.jp",
            joined_on=joined,
            left_on=dice.choice(years[6:9]).end if number >= staying else None,
        )
        person.derive()
        found.append(person)
    return found


def _career(
    person: Staff, index: int, offices: Offices, years: list[FiscalYear], dice: random.Random
) -> list[Post]:
    """Posts from joining to leaving: transfers on 1 April, split where a unit ends."""
    posts: list[Post] = []
    # Two people in five work in the huge department.
    lines = (
        offices.lines[: len(offices.lines) // 4]
        if index % 5 < 2
        else offices.lines[len(offices.lines) // 4 :]
    )
    assert person.joined_on is not None
    start, last = person.joined_on, person.left_on
    while start <= (last or years[-1].end):
        moves_on = FiscalYear(FiscalYear.containing(start).year + dice.randint(2, 5)).start - DAY
        until = last if last and moves_on >= last else moves_on if moves_on < years[-1].start else None
        posts += _posts_in(dice.choice(lines), person, start, until, dice)
        if until is None or until == last:
            break
        start = until + DAY
    if dice.random() < 0.03 and posts[-1].valid_until is None:
        line = dice.choice([line for line in lines[:50] if posts[-1].unit not in line])
        since = max(posts[-1].valid_from, line[-1].valid_from)
        posts.append(Post(staff=person, unit=line[-1], valid_from=since, is_concurrent=True))
    return posts


def _posts_in(
    line: list[Unit], person: Staff, start: datetime.date, until: datetime.date | None, dice: random.Random
) -> list[Post]:
    rank = dice.choices(list(PostRank), weights=(2, 3, 15, 80))[0]
    found = []
    for unit in line:
        first = max(start, unit.valid_from)
        ends = [day for day in (until, unit.valid_until) if day is not None]
        last = min(ends) if ends else None
        if last is None or first <= last:
            found.append(
                Post(
                    staff=person,
                    unit=unit.parent if rank == PostRank.HEAD else unit,
                    rank=rank,
                    title="主査" if rank == PostRank.MEMBER else "",
                    is_officer=rank == PostRank.MEMBER and dice.random() < 0.05,
                    valid_from=first,
                    valid_until=last,
                )
            )
    return found


def _accounts(staff: list[Staff], reader: Staff) -> list[User]:
    unusable, usable = make_password(None), make_password(PASSWORD)
    accounts = [
        User(
            login_name=person.number,
            display_name=person.name,
            staff=person,
            password=usable if person is reader else unusable,
            is_active=person.left_on is None,
            must_change_password=person is not reader and index % 3 == 0,
        )
        for index, person in enumerate(staff)
    ]
    User.objects.bulk_create(accounts, batch_size=1000)
    return [system_user(), *accounts[:50]]
