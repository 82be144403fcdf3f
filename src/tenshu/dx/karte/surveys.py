"""What the kartes can say in the ministry's yearly survey (総務省 自治体DX・情報化推進概要), and what they cannot.

Its five parts are published; wording and numbers of its questions change every year, so items are told by what they
count. An item that no karte can tell names where the answer is found.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tenshu.dx.karte.fields import is_filled, item_label
from tenshu.dx.karte.models import Karte
from tenshu.dx.karte.models.choices import (
    Business,
    CostSection,
    Development,
    Hosting,
    InfoClass,
    Standardisation,
    ZoneModel,
)
from tenshu.dx.karte.money import YearMoney, total
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.systems.models import System

FROM_KARTE, INCOMPLETE, BY_HAND = "カルテから", "未記入あり", "手で記入"
ORGANISATION, SERVICES, EFFICIENCY, SECURITY, DIVIDE = (
    "推進体制等",
    "行政サービスの向上・高度化",
    "業務・システムの効率化",
    "情報セキュリティ",
    "デジタルデバイド対策",
)


@dataclass(frozen=True, slots=True)
class Facts:
    """One system on the survey's day: its karte (``None`` where there is none) and its money of the year."""

    system: System
    karte: Karte | None
    money: YearMoney | None

    def is_open(self, names: Sequence[str]) -> bool:
        """Whether one of these fields says nothing yet."""
        return any(self.karte is None or not is_filled(getattr(self.karte, name)) for name in names)


type Sum = Callable[[YearMoney], int | None]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the survey asks.

    ``counts`` says of which kartes a system counts; ``names`` are the fields that tell it. ``sums`` adds up money
    instead. With neither, the karte cannot tell, and ``elsewhere`` says where the answer is.
    """

    section: str
    label: str
    names: tuple[str, ...] = ()
    counts: Callable[[Karte], bool] | None = None
    sums: Sum | None = None
    elsewhere: str = ""

    @property
    def unit(self) -> str:
        """In what the answer is told; nothing where the karte tells none."""
        if self.elsewhere:
            return ""
        return "円" if self.sums else "システム"


@dataclass(frozen=True, slots=True)
class Answered:
    """An item with its answer. ``open`` systems say nothing about it: the answer is at least that far from certain."""

    item: Item
    value: int | None
    open: int

    @property
    def word(self) -> str:
        """From the karte alone, with gaps, or by hand."""
        if self.value is None:
            return BY_HAND
        return INCOMPLETE if self.open else FROM_KARTE

    @property
    def basis(self) -> str:
        """On what the answer rests, or where it is found."""
        if self.item.elsewhere:
            return self.item.elsewhere
        if self.item.sums:
            return "カルテ：費用"
        return "カルテ：" + "・".join(map(item_label, self.item.names)) if self.item.names else "システム台帳"


def _is(name: str, *values: object) -> Callable[[Karte], bool]:
    return lambda karte: getattr(karte, name) in values


def _yes(section: str, label: str, name: str) -> Item:
    return Item(section, label, (name,), _is(name, True))


def _budget(section: CostSection) -> Sum:
    return lambda money: money.budget_in(section)


def _not_of_karte(section: str, elsewhere: str, *labels: str) -> list[Item]:
    return [Item(section, label, elsewhere=elsewhere) for label in labels]


_PACKAGED = (Development.PACKAGE, Development.ADAPTED)
_SECRET = (InfoClass.A3, InfoClass.B3, InfoClass.C3)

ITEMS: tuple[Item, ...] = (
    *_not_of_karte(
        ORGANISATION,
        "組織と職員の記録",
        "CIO・CIO補佐官の任命",
        "DXを進める全体方針の策定",
        "DXを進める専任の部署",
        "外部デジタル人材の活用",
        "職員の育成・研修",
    ),
    Item(SERVICES, "県民・事業者が使うシステム", ("users_public",), lambda k: (k.users_public or 0) > 0),
    _yes(SERVICES, "JIS X 8341-3に対応したシステム", "accessible"),
    _yes(SERVICES, "オープンデータを公開しているシステム", "open_data"),
    *_not_of_karte(
        SERVICES,
        "手続の所管",
        "オンラインで申請できる手続",
        "マイナンバーカードを使うサービス",
        "キャッシュレス決済",
    ),
    Item(EFFICIENCY, "情報システム", (), lambda karte: True),
    Item(EFFICIENCY, "庁舎内に置くシステム", ("hosting",), _is("hosting", Hosting.ON_PREMISES)),
    Item(EFFICIENCY, "データセンターに置くシステム", ("hosting",), _is("hosting", Hosting.DATA_CENTRE)),
    Item(EFFICIENCY, "クラウドを使うシステム", ("hosting",), _is("hosting", Hosting.CLOUD, Hosting.HYBRID)),
    Item(EFFICIENCY, "共同利用のシステム", ("hosting",), _is("hosting", Hosting.SHARED)),
    _yes(EFFICIENCY, "ガバメントクラウドを使うシステム", "government_cloud"),
    Item(EFFICIENCY, "パッケージを使うシステム", ("development",), _is("development", *_PACKAGED)),
    Item(EFFICIENCY, "個別に開発したシステム", ("development",), _is("development", Development.OWN)),
    _yes(EFFICIENCY, "仮想化したシステム", "virtualised"),
    _yes(EFFICIENCY, "運用を委託しているシステム", "operation_outsourced"),
    Item(
        EFFICIENCY,
        "標準化対象20業務のシステム",
        ("business",),
        lambda karte: karte.business not in ("", Business.OTHER),
    ),
    Item(
        EFFICIENCY,
        "標準準拠システムへ移行したシステム",
        ("standardisation",),
        _is("standardisation", Standardisation.DONE),
    ),
    Item(EFFICIENCY, "運用等経費（予算現額）", sums=_budget(CostSection.OPERATION)),
    Item(EFFICIENCY, "整備経費（予算現額）", sums=_budget(CostSection.DEVELOPMENT)),
    *_not_of_karte(EFFICIENCY, "業務のICT化の一覧", "AIを導入した業務", "RPAを導入した業務"),
    *_not_of_karte(EFFICIENCY, "人事の担当", "テレワークの実施"),
    *(
        Item(SECURITY, f"{model.label}のシステム", ("zone_model",), _is("zone_model", model))
        for model in ZoneModel
    ),
    Item(SECURITY, "自治体機密性3のシステム", ("info_class",), _is("info_class", *_SECRET)),
    _yes(SECURITY, "個人情報を持つシステム", "holds_personal"),
    _yes(SECURITY, "マイナンバーを使うシステム", "uses_mynumber"),
    _yes(SECURITY, "グローバルIPを使うシステム", "uses_global_ip"),
    _yes(SECURITY, "遠隔保守のあるシステム", "remote_maintenance"),
    _yes(SECURITY, "多要素認証のシステム", "second_factor"),
    _yes(SECURITY, "通信を暗号化しているシステム", "encrypts_transport"),
    _yes(SECURITY, "保存データを暗号化しているシステム", "encrypts_storage"),
    Item(
        SECURITY,
        "ログを1年以上残しているシステム",
        ("log_months",),
        lambda karte: (karte.log_months or 0) >= 12,
    ),
    _yes(SECURITY, "切り離したバックアップのあるシステム", "backup_offline"),
    _yes(SECURITY, "業務継続計画に載せたシステム", "continuity_plan"),
    *_not_of_karte(
        SECURITY,
        "情報セキュリティの記録",
        "CISOの任命",
        "情報セキュリティ研修の受講",
        "情報セキュリティ監査の実施",
        "インシデントを想定した訓練",
    ),
    *_not_of_karte(DIVIDE, "地域DXの担当", "住民向けの講習", "デジタル活用の相談窓口"),
)


def answer(facts: Sequence[Facts]) -> list[Answered]:
    """Every item of the survey over these systems."""
    return [_answer(item, facts) for item in ITEMS]


def _answer(item: Item, facts: Sequence[Facts]) -> Answered:
    if item.sums is not None:
        of = item.sums
        value = total(of(one.money) for one in facts if one.money)
        without = sum(one.money is None or one.money.budget is None for one in facts)
        return Answered(item, value or 0, without)
    if item.counts is None:
        return Answered(item, None, 0)
    if not item.names:
        return Answered(item, len(facts), 0)
    known = [one.karte for one in facts if one.karte is not None and not one.is_open(item.names)]
    return Answered(item, sum(map(item.counts, known)), len(facts) - len(known))


def facts_of(systems: Iterable[System], money: Mapping[int, YearMoney]) -> list[Facts]:
    """The systems with their kartes (read along) and their money."""
    return [Facts(system, getattr(system, "karte", None), money.get(system.pk)) for system in systems]


def survey_day(year: FiscalYear) -> str:
    """The day as of which the survey asks, in words."""
    return f"{year.label}4月1日"
