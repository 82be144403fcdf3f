"""A karte with one thing of each kind, made by the actions themselves."""

import datetime
from typing import Any

from tenshu.dx.karte import actions, completeness
from tenshu.dx.karte.models import (
    CompletenessRule,
    Contract,
    CostItem,
    CostLine,
    Dependency,
    Environment,
    Host,
    MatchingRule,
    Payment,
    Server,
    Software,
    Vendor,
)
from tenshu.ground.access.models import User
from tenshu.ground.systems.models import System

D = datetime.date
FACTS: dict[str, Any] = {
    "summary": "職員の届出を受け付ける。\n給与に渡す。",
    "lifecycle": "running",
    "zone": "lgwan",
    "zone_model": "alpha",
    "info_class": "3B",
    "hosting": "on_premises",
    "uses_mynumber": False,
    "users_staff": 7_000,
}
LOADS = {"cpu": [5, 5, 60, 70, 20, 5], "memory": [8, 8, 24, 24, 12, 8]}


def cost_items(user: User) -> tuple[CostItem, CostItem]:
    """One item of each 経費区分."""
    build = CostItem(code="S01", name="設計・開発", section="development", order=1, from_year=2019)
    run = CostItem(code="U01", name="運用・保守", section="operation", order=2, from_year=2019)
    return actions.do_add_thing(build, acting_user=user), actions.do_add_thing(run, acting_user=user)


def money(system: System, user: User, item: CostItem, rows: dict[tuple[int, str], int]) -> list[CostLine]:
    """Cost lines of a system: (year, stage) → yen."""
    return [
        actions.do_add_thing(
            CostLine(system=system, fiscal_year=year, stage=stage, item=item, amount=amount), acting_user=user
        )
        for (year, stage), amount in rows.items()
    ]


def payment(system_words: str, row: int = 2, **values: Any) -> Payment:
    """A payment of an export, not saved."""
    told: dict[str, Any] = {
        "source_file": "支払い_R4.xlsx",
        "source_row": row,
        "fiscal_year": 2022,
        "department": "総務部",
        "division": "人事課",
        "paid_on": D(2022, 10, 31),
        "section": "委託料",
        "description": f"{system_words}運用保守（9月分）",
        "amount": 330_000,
        "project": "人事管理費",
    }
    return Payment(**(told | values))


def karte_of_everything(system: System, other: System, user: User) -> dict[str, Any]:
    """Facts, a thing of each kind, money over two years, rules; by name."""
    add = actions.do_add_thing
    karte = actions.do_change_karte(system, FACTS, acting_user=user)
    vendor = add(Vendor(name="見本情報サービス株式会社", kana="みほんじょうほう"), acting_user=user)
    host = add(Host(name="ホスト1号", cores=32, support_ends_on=D(2027, 3, 31)), acting_user=user)
    server = add(
        Server(system=system, name="総務1号機", host=host, cores=8, memory_gb=32, loads=LOADS,
               operating_system="見本OS", os_version="8", os_support_ends_on=D(2024, 7, 31)),
        acting_user=user,
    )  # fmt: skip
    software = add(
        Software(system=system, name="見本データベース", version="12", kind="database", vendor=vendor,
                 support_ends_on=D(2024, 6, 30), licences=4, licences_used=3),
        acting_user=user,
    )  # fmt: skip
    contract = add(
        Contract(system=system, number="R3-0012", name="総務事務システム運用保守", kind="maintenance",
                 vendor=vendor, starts_on=D(2021, 4, 1), ends_on=D(2024, 3, 31), amount=11_880_000,
                 yearly_amount=3_960_000, long_term=True),
        acting_user=user,
    )  # fmt: skip
    environment = add(Environment(system=system, name="本番", kind="production"), acting_user=user)
    flow = add(
        Dependency(source=system, target=other, data="届出データ", method="file", cycle="daily"),
        acting_user=user,
    )
    build, run = cost_items(user)
    lines = [
        *money(system, user, run, {(2022, "initial"): 4_000_000, (2022, "settled"): 3_960_000,
                                   (2023, "initial"): 4_200_000, (2023, "supplementary"): -100_000}),
        *money(system, user, build, {(2022, "initial"): 500_000, (2022, "settled"): 480_000}),
    ]  # fmt: skip
    rule = add(MatchingRule(system=system, description="総務事務"), acting_user=user)
    for item, (weight, level, may_not_apply) in completeness.SHIPPED.items():
        add(
            CompletenessRule(
                item=item, weight=weight, level=level, may_not_apply=may_not_apply, from_year=2022
            ),
            acting_user=user,
        )
    return {
        "karte": karte, "vendor": vendor, "host": host, "server": server, "software": software,
        "contract": contract, "environment": environment, "flow": flow, "build": build, "run": run,
        "lines": lines, "rule": rule,
    }  # fmt: skip
