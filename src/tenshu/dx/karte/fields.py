"""The fields of a karte under their headings, and how a value reads: for pages, sheets, editions and rules."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import models

from tenshu.dx.karte.models import Karte
from tenshu.ground.systems.models import System

SECTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "business": (
        "業務",
        (
            "summary", "business", "business_name", "law", "lifecycle", "importance", "effect_of_stop",
            "busy_season", "yearly_cases", "renewal_on", "renewal_plan",
        ),
    ),
    "users": (
        "利用者",
        (
            "users_staff", "users_outside", "users_public", "users_at_once", "user_units", "terminals",
            "service_hours", "runs_on_holidays", "accessible",
        ),
    ),
    "network": (
        "ネットワーク",
        (
            "zone", "zone_model", "uses_global_ip", "global_ips", "domain", "lines", "remote_maintenance",
            "telework", "wireless",
        ),
    ),
    "information": (
        "情報",
        (
            "info_class", "integrity", "availability", "holds_personal", "personal_count", "holds_sensitive",
            "uses_mynumber", "mynumber_affair", "assessed_on", "retention", "open_data",
        ),
    ),
    "platform": (
        "基盤",
        (
            "hosting", "place", "cloud_service", "government_cloud", "ismap", "virtualised", "development",
            "package", "language", "database", "browser", "client_software", "character_set", "uses_gaiji",
            "owns_copyright", "has_specification",
        ),
    ),
    "operation": (
        "運用",
        (
            "operators", "operator_hours", "operation_outsourced", "on_site_staff", "help_desk", "sla",
            "monitoring", "backup_cycle", "backup_place", "backup_offline", "restored_on", "recovery_time",
            "recovery_point", "continuity_plan", "recovery_site",
        ),
    ),
    "security": (
        "セキュリティ",
        (
            "authentication", "second_factor", "single_sign_on", "encrypts_storage", "encrypts_transport",
            "malware_protection", "patch_cycle", "log_months", "log_review", "account_review", "diagnosed_on",
            "inspected_on", "usb_use",
        ),
    ),
    "optimisation": (
        "最適化・標準化",
        (
            "standardisation", "standardised_on", "consolidation", "consolidation_reason", "software_review",
            "unified_operation", "dashboard_id", "dashboard_class", "dashboard_reduction", "dashboard_platform",
        ),
    ),
    "contacts": (
        "連絡先",
        (
            "chief", "main_contact", "second_contact", "phone", "group_mail", "vendor_contact",
            "emergency_contact", "note",
        ),
    ),
}  # fmt: skip
"""Key of a section → its heading and its fields, in the order of pages and sheets."""

UNITS = {
    "yearly_cases": "件",
    "users_staff": "名",
    "users_outside": "名",
    "users_public": "名",
    "users_at_once": "名",
    "terminals": "台",
    "personal_count": "名",
    "operators": "名",
    "operator_hours": "時間",
    "on_site_staff": "名",
    "recovery_time": "時間",
    "recovery_point": "時間",
    "log_months": "月",
    "memory_gb": "GB",
    "disk_gb": "GB",
    "amount": "円",
    "yearly_amount": "円",
}
"""Units of numbers, by field; of things as well as of kartes."""

REGISTER = (
    "number",
    "name",
    "kana",
    "purpose",
    "started_on",
    "ended_on",
    "candidate_from",
    "candidate_until",
)
"""Fields of the register of systems that an edition keeps along."""

LINKS = {
    "servers": "サーバ",
    "software": "ソフトウェア",
    "contracts": "契約",
    "environments": "環境",
    "dependencies": "データ連携",
    "settlement": "前年度の決算",
    "budget": "今年度の予算",
}
"""What hangs on a system and may be asked for by a rule of completeness."""

FIELDS = tuple(name for _, names in SECTIONS.values() for name in names)
"""All fields of a karte in their order."""


def field_of(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    """A concrete field of a model; raises ``TypeError`` for a relation that ends there."""
    found = model._meta.get_field(name)
    if not isinstance(found, models.Field):
        raise TypeError(name)
    return found


def item_label(name: str) -> str:
    """The Japanese name of a field or link."""
    if name in LINKS:
        return LINKS[name]
    model: type[models.Model] = Karte if name in FIELDS else System
    if name == "owner":
        return "所管"
    return str(field_of(model, name).verbose_name)


def items() -> list[tuple[str, str]]:
    """Everything that a rule may ask for: name and label."""
    return [*((name, item_label(name)) for name in FIELDS), *LINKS.items()]


def is_filled(value: Any) -> bool:
    """Whether a field says something; no and 0 do."""
    return value is not None and value != ""


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value.isoformat() if isinstance(value, datetime.date) else value


def shown(record: models.Model, name: str) -> Any:
    """A field of a record as people read it: the label of a choice, はい or いいえ, the record that it names."""
    value = getattr(record, name)
    if value is None or value == "":
        return None
    if field_of(type(record), name).choices:
        return str(getattr(record, f"get_{name}_display")())
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, models.Model):
        return str(value)
    return value
