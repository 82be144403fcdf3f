"""A small office for tests, built with the actions themselves."""

import datetime
from dataclasses import dataclass, field

from tenshu.ground.access.models import User
from tenshu.ground.access.roles import Role
from tenshu.ground.office.actions import do_hire, do_open_unit, do_set_duty, do_transfer
from tenshu.ground.office.models import Post, PostRank, Staff, Unit, UnitDutyKind, UnitKind

START = datetime.date(2018, 4, 1)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@dataclass
class House:
    """Units by code, staff by number, and accounts by persona."""

    machine: User
    units: dict[str, Unit] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    accounts: dict[str, User] = field(default_factory=dict)

    @classmethod
    def build(cls) -> "House":
        machine = User.objects.create(login_name="machine", display_name="天守", is_machine=True)
        house = cls(machine)
        house.unit("01", UnitKind.DEPARTMENT, "総務部")
        house.unit("0101", UnitKind.DIVISION, "人事課", "01")
        house.unit("0102", UnitKind.DIVISION, "行政DX推進課", "01")
        house.unit("010201", UnitKind.GROUP, "推進グループ", "0102")
        house.unit("02", UnitKind.DEPARTMENT, "健康部")
        house.unit("0201", UnitKind.DIVISION, "生活衛生室", "02")
        house.unit("020101", UnitKind.DIVISION, "環境衛生課", "0201")
        house.person("secretary", "1001", "見本 花子", "みほん はなこ", "010201")
        house.person("head", "1002", "例田 太郎", "れいだ たろう", "0101", rank=PostRank.HEAD)
        house.person("officer", "1003", "仮名 次郎", "かな じろう", "0101", is_officer=True)
        house.person("staff", "1004", "試山 三郎", "ためしやま さぶろう", "020101")
        house.person("stranger", "", "", "", "")
        auditor = house.person("auditor", "", "", "", "")
        auditor.grants.create(role=Role.AUDITOR, valid_from=START)
        do_set_duty(house.units["0102"], UnitDutyKind.SECRETARIAT, START, acting_user=machine)
        return house

    def unit(self, code: str, kind: str, name: str, parent: str | None = None) -> Unit:
        self.units[code] = do_open_unit(
            code=code,
            kind=kind,
            name=name,
            parent=self.units[parent] if parent else None,
            valid_from=START,
            acting_user=self.machine,
        )
        return self.units[code]

    def person(
        self,
        persona: str,
        number: str,
        name: str,
        kana: str,
        unit: str,
        *,
        rank: str = PostRank.MEMBER,
        is_officer: bool = False,
    ) -> User:
        staff = None
        if number:
            staff = do_hire(
                number=number,
                name=name,
                kana=kana,
                mail=f"{number}@example.jp",
                joined_on=START,
                acting_user=self.machine,
            )
            do_transfer(
                staff, self.units[unit], START, rank=rank, is_officer=is_officer, acting_user=self.machine
            )
            self.staff[number] = staff
        account = User.objects.create(login_name=persona, display_name=name or persona, staff=staff)
        self.accounts[persona] = account
        return account

    def account(self, persona: str) -> User:
        return User.objects.get(pk=self.accounts[persona].pk)

    def post(self, number: str) -> Post:
        return Post.objects.filter(staff__number=number).latest("valid_from")
