"""The tables of the room: what hangs on a system, the registers, and the lists over all systems."""

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from tenshu.dx.karte.models import Contract, Karte
from tenshu.dx.karte.models.choices import ContractKind, Hosting, InfoClass, Lifecycle, Zone
from tenshu.dx.karte.money import YearMoney
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.systems.models import System
from tenshu.ground.ui.amounts import number_text
from tenshu.ground.ui.tables import Column, Table, chip_column, date_column, number_column, yen_column
from tenshu.mechanisms.gathering.ui.cells import link, together

ALL = 1_000
"""Rows of a table inside a page: all of them."""
YES_NO = [("1", "はい"), ("0", "いいえ")]
SOON, LATER = 183, 366
"""Days within which an end is near: 6か月以内, 1年以内."""


def system_url(system: System | int) -> str:
    """The karte of a system."""
    return reverse("karte:karte-detail", args=[system if isinstance(system, int) else system.pk])


def _choice(name: str, label: str, **kwargs: Any) -> Column:
    return Column(name=name, label=label, value=lambda row: getattr(row, f"get_{name}_display")(), **kwargs)


def name_of_system(row: Any) -> str:
    """The name of the system that a row hangs on."""
    return str(row.system.name)


SYSTEM = Column(
    name="system",
    label="システム",
    heading=True,
    value=name_of_system,
    sort=("system__kana", "system__name"),
    link=lambda row: system_url(row.system),
    under=lambda row: row.system.number,
    under_label="番号",
)

COLUMNS: dict[str, tuple[Column, ...]] = {
    "server": (
        Column(name="name", label="サーバ", heading=True, under=lambda row: row.role, under_label="役割"),
        _choice("kind", "形態"),
        Column(name="os", label="OS", value=lambda row: f"{row.operating_system} {row.os_version}".strip()),
        number_column("cores", "CPU", "コア", sort=False),
        number_column("memory_gb", "メモリ", "GB", sort=False),
        number_column("disk_gb", "ディスク", "GB", sort=False),
        date_column("os_support_ends_on", "OSのサポート終了", sort=False),
    ),
    "software": (
        Column(name="name", label="ソフトウェア", heading=True, value=str),
        _choice("kind", "種類"),
        Column(name="vendor", label="提供者"),
        Column(
            name="licences",
            label="ライセンス",
            value=lambda row: (
                None if row.licences is None else f"{number_text(row.licences_used or 0)}／{number_text(row.licences)}"
            ),
        ),
        date_column("support_ends_on", "サポート終了", sort=False),
    ),
    "contract": (
        Column(name="name", label="契約", heading=True, under=lambda row: row.number, under_label="契約番号"),
        _choice("kind", "種類"),
        Column(name="vendor", label="相手方"),
        date_column("starts_on", "開始", sort=False),
        date_column("ends_on", "終了", sort=False),
        yen_column("amount", "契約金額", totalled=False, sort=False),
    ),
    "environment": (
        Column(name="name", label="環境", heading=True),
        _choice("kind", "種類"),
        Column(name="place", label="設置場所"),
        Column(name="holds_real_data", label="本番データ"),
    ),
    "dependency": (
        Column(name="data", label="データ", heading=True),
        Column(name="giver", label="渡す側"),
        Column(name="taker", label="受け取る側"),
        _choice("method", "方法"),
        _choice("cycle", "頻度"),
        Column(name="personal", label="個人情報"),
    ),
    "cost": (
        Column(name="year", label="年度", value=lambda row: str(FiscalYear(row.fiscal_year)), wrap=False),
        Column(name="item", label="経費", heading=True, under=lambda row: row.item.get_section_display(),
               under_label="経費区分"),
        _choice("stage", "段階"),
        number_column("amount", "金額", "円", sort=False),
        Column(
            name="source",
            label="出どころ",
            value=lambda row: f"{row.source_file} {row.source_row or ''}".strip(),
        ),
    ),
    "vendor": (
        Column(name="name", label="事業者", heading=True, sort=("kana", "name")),
        Column(name="contact", label="担当部署"),
        Column(name="phone", label="電話", wrap=False),
        Column(name="corporate_number", label="法人番号", visible=False),
    ),
    "host": (
        Column(name="name", label="収容ホスト", heading=True, sort=True),
        _choice("zone", "ネットワーク"),
        number_column("cores", "CPU", "コア"),
        number_column("memory_gb", "メモリ", "GB"),
        date_column("support_ends_on", "サポート終了"),
    ),
    "cost-item": (
        Column(name="code", label="コード", sort=True, wrap=False),
        Column(name="name", label="経費", heading=True, sort=True),
        _choice("section", "経費区分"),
        Column(name="from_year", label="適用開始", value=lambda row: str(FiscalYear(row.from_year))),
        Column(
            name="until_year",
            label="適用終了",
            value=lambda row: str(FiscalYear(row.until_year)) if row.until_year else None,
        ),
    ),
    "matching-rule": (
        number_column("order", "順番"),
        Column(name="system", label="システム", heading=True, value=name_of_system),
        Column(name="division", label="室課名"),
        Column(name="project", label="事業名"),
        Column(name="description", label="支払内容"),
        Column(name="section", label="節（細節名）"),
    ),
    "completeness-rule": (
        Column(name="label", label="項目", heading=True, value=str),
        number_column("weight", "重み"),
        _choice("level", "段階"),
        Column(name="may_not_apply", label="該当なし"),
        Column(name="from_year", label="適用開始", value=lambda row: str(FiscalYear(row.from_year))),
    ),
}  # fmt: skip
"""Columns by kind of thing (``things.PARTS``, ``things.REGISTERS``)."""


REGISTER_SEARCH: dict[str, tuple[str, tuple[str, ...]]] = {
    "vendor": ("事業者名・かな・担当部署で絞る", ("name", "kana", "contact", "corporate_number")),
    "host": ("ホスト名・設置場所で絞る", ("name", "place", "model")),
    "cost-item": ("コード・経費で絞る", ("code", "name")),
    "matching-rule": (
        "システム・含む言葉で絞る",
        ("system__name", "system__number", "division", "project", "description", "section"),
    ),
}
"""Of registers: by what they are searched. Rules of completeness keep keys of items, which nobody would type."""

SHIPPED = {"cost-item", "matching-rule", "completeness-rule"}
"""Registers to which the settings to begin with belong."""


class ThingTable(Table[Any]):
    """Things of one kind, on the page of a system or as a register."""

    page_size = ALL


def thing_table(
    request: HttpRequest,
    key: str,
    rows: QuerySet[Any],
    *,
    may_write: bool,
    register: bool = False,
    caption: str,
) -> ThingTable:
    """The things in ``rows``; with links to correct and to remove for who ``may_write``."""
    table = ThingTable(request, rows, id=key)
    place = "register" if register else "thing"

    def links(row: Any) -> Any:
        return together(
            link(word, reverse(f"karte:{place}-{verb}", args=[key, row.pk]), row)
            for word, verb in (("直す", "correct"), ("消す", "remove"))
        )

    last = (Column(name="links", label="操作", value=links, export=lambda _: ""),) if may_write else ()
    table.columns = (*COLUMNS[key], *last)  # type: ignore[misc]
    table.caption, table.counter = caption, "件"  # type: ignore[misc]
    if key in SHIPPED:
        table.empty_text = "「標準の設定を入れる」で、まとめて登録できます。"  # type: ignore[misc]
    if register and key in REGISTER_SEARCH:
        table.search_label, table.search = REGISTER_SEARCH[key]  # type: ignore[misc]
    table.empty_title = f"まだ{caption}はありません"  # type: ignore[misc]
    return table


class KarteFilter(django_filters.FilterSet):
    """Network, class of information, hosting, state."""

    zone = django_filters.ChoiceFilter(
        label="ネットワーク", field_name="karte__zone", choices=Zone.choices, empty_label="すべて"
    )
    info_class = django_filters.ChoiceFilter(
        label="自治体機密性", field_name="karte__info_class", choices=InfoClass.choices, empty_label="すべて"
    )
    hosting = django_filters.ChoiceFilter(
        label="設置形態", field_name="karte__hosting", choices=Hosting.choices, empty_label="すべて"
    )
    lifecycle = django_filters.ChoiceFilter(
        label="ライフサイクル", field_name="karte__lifecycle", choices=Lifecycle.choices, empty_label="すべて"
    )

    class Meta:
        model = System
        fields: list[str] = []


def _karte(name: str, label: str, **kwargs: Any) -> Column:
    def value(system: Any) -> Any:
        karte: Karte | None = getattr(system, "karte", None)
        return getattr(karte, f"get_{name}_display")() if karte else None

    return Column(name=name, label=label, value=value, sort=f"karte__{name}", **kwargs)


class KarteTable(Table[System]):
    """All systems with the main facts of their karte, score and money."""

    caption, counter, file_name = "システムカルテの一覧", "システム", "システムカルテ"
    search = ("name", "kana", "number", "owner__name")
    search_label = "名前・番号・所管で絞る"
    default_sort = "number"
    filterset_class = KarteFilter
    empty_title = "まだシステムはありません"
    empty_text = "システム台帳にシステムを登録すると、ここに並びます。"


def karte_table(
    request: HttpRequest,
    systems: QuerySet[System],
    year: FiscalYear,
    money: dict[int, YearMoney],
    before: dict[int, YearMoney],
    scores: dict[int, int | None],
) -> KarteTable:
    """The list with the sums of ``year`` and of the year ``before``."""

    def settled(system: System) -> int | None:
        return before[system.pk].settled if system.pk in before else None

    def budget(system: System) -> int | None:
        return money[system.pk].budget if system.pk in money else None

    table = KarteTable(request, systems)
    table.columns = (  # type: ignore[misc]
        Column(name="number", label="番号", sort=True, wrap=False),
        Column(
            name="name",
            label="システム名",
            heading=True,
            sort=("kana", "name"),
            link=system_url,
            under=lambda system: system.owner.name,
            under_label="所管",
        ),
        _karte("zone", "ネットワーク"),
        _karte("info_class", "機密性"),
        _karte("hosting", "設置形態"),
        _karte("lifecycle", "ライフサイクル", visible=False),
        number_column("score", "充足度", "%", value=lambda system: scores.get(system.pk), sort=False),
        yen_column("settled", f"{year.previous}決算", value=settled, totalled=False, sort=False),
        yen_column("budget", f"{year}予算", value=budget, totalled=False, sort=False),
    )
    table.note = "金額は千円"  # type: ignore[misc]
    return table


def _near(day: Any, today: Any) -> str:
    days = (day - today).days
    return "終了" if days < 0 else "6か月以内" if days <= SOON else "1年以内" if days <= LATER else ""


class ContractFilter(django_filters.FilterSet):
    """Kind of contract."""

    kind = django_filters.ChoiceFilter(label="種類", choices=ContractKind.choices, empty_label="すべて")
    long_term = django_filters.ChoiceFilter(label="長期継続契約", choices=YES_NO, empty_label="すべて")

    class Meta:
        model = Contract
        fields: list[str] = []


class ContractTable(Table[Contract]):
    """Contracts over all systems, those that end first in front."""

    caption, counter, file_name = "契約の一覧", "件の契約", "契約の終わり"
    search = ("name", "number", "vendor__name", "system__name", "system__number")
    search_label = "契約・相手方・システムで絞る"
    filterset_class = ContractFilter
    default_sort = "ends_on"
    note = "金額は千円"
    columns: ClassVar[Sequence[Column]] = (
        date_column("ends_on", "終了"),
        Column(
            name="name",
            label="契約",
            heading=True,
            sort=True,
            link=lambda row: system_url(row.system),
            under=lambda row: row.system.name,
            under_label="システム",
        ),
        _choice("kind", "種類", sort="kind"),
        Column(name="vendor", label="相手方", sort="vendor__name"),
        date_column("notice_on", "申出期限"),
        Column(name="long_term", label="長期継続", sort=True, visible=False),
        yen_column("amount", "契約金額"),
        yen_column("yearly_amount", "年額", visible=False),
    )
    empty_title = "契約はありません"
    empty_text = "カルテで契約を登録すると、終わる日の順に並びます。"


class EndingTable(Table[Any]):
    """Ends of support over all systems."""

    caption, counter, file_name = "サポートの終わり", "件", "サポートの終わり"
    search = ("name", "kind", "system__name")
    search_label = "名前・種類・システムで絞る"
    default_sort = "ends_on"
    empty_title = "サポートの終わりはありません"
    empty_text = "サーバやソフトウェアにサポート終了日を入れると、近い順に並びます。"


def ending_table(request: HttpRequest, endings: Sequence[Any], today: Any) -> EndingTable:
    """The ends of support, with how near each is."""
    table = EndingTable(request, endings)
    table.columns = (  # type: ignore[misc]
        date_column("ends_on", "サポート終了"),
        Column(name="name", label="名前", heading=True, sort=True),
        Column(name="kind", label="種類", sort=True),
        Column(
            name="system",
            label="システム",
            value=lambda row: row.system.name if row.system else None,
            link=lambda row: system_url(row.system) if row.system else None,
            sort="system__name",
        ),
        chip_column("near", "時期", value=lambda row: _near(row.ends_on, today) or None),
    )
    return table
