"""The tabs of the room, and those of one system's karte."""

from django.urls import reverse

from tenshu.ground.systems.models import System
from tenshu.ground.ui.parts import Tab

_LISTS = (
    ("karte-list", "一覧"),
    ("money-list", "費用"),
    ("contract-list", "契約の終わり"),
    ("support-list", "サポートの終わり"),
    ("payment-list", "支払い"),
    ("difference-list", "年度の比較"),
    ("dashboard-list", "調査への回答"),
    ("register-list", "区分・規則"),
)
_OF_SYSTEM = (
    ("karte-detail", "カルテ"),
    ("money-detail", "費用"),
    ("completeness-detail", "充足度"),
    ("edition-list", "年度版"),
)


def tabs(current: str) -> list[Tab]:
    """The lists over all systems."""
    return [
        Tab(
            label,
            reverse(f"karte:{name}", args=["vendor"] if name == "register-list" else []),
            name == current,
        )
        for name, label in _LISTS
    ]


def system_tabs(system: System, current: str) -> list[Tab]:
    """The pages of one system's karte."""
    return [
        Tab(label, reverse(f"karte:{name}", args=[system.pk]), name == current) for name, label in _OF_SYSTEM
    ]


def survey_views(current: str) -> list[Tab]:
    """The surveys of the ministries; ``current`` is the address of the one that is shown."""
    survey = reverse("karte:survey-list")
    views = (
        ("ITダッシュボード", reverse("karte:dashboard-list")),
        ("自治体DX・情報化推進概要", survey),
        ("同 システムごと", f"{survey}?view=systems"),
    )
    return [Tab(label, address, address == current) for label, address in views]
