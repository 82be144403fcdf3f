"""The kinds of things that pages list and change: their models, their fields on a form, and where their page is."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models
from django.http import Http404

from tenshu.dx.karte.models import (
    CompletenessRule,
    Contract,
    CostItem,
    CostLine,
    Dependency,
    Environment,
    Host,
    MatchingRule,
    Server,
    Software,
    Vendor,
)


@dataclass(frozen=True, slots=True)
class Thing:
    """A kind of thing. ``lead`` is a sentence over its form or list."""

    key: str
    model: type[models.Model]
    label: str
    fields: tuple[str, ...]
    lead: str = ""

    @property
    def stored_fields(self) -> tuple[str, ...]:
        """The fields of the record that its form writes; the loads of a server have fields of their own there."""
        return (*self.fields, "loads") if self.model is Server else self.fields


def _by_key(*things: Thing) -> Mapping[str, Thing]:
    return {thing.key: thing for thing in things}


PARTS = _by_key(
    Thing(
        "server",
        Server,
        "サーバ",
        (
            "name", "role", "environment", "kind", "host", "zone", "address", "maker_model", "place",
            "operating_system", "os_version", "os_support_ends_on", "support_ends_on", "installed_on",
            "removed_on", "cores", "memory_gb", "disk_gb", "iops", "note",
        ),
    ),
    Thing(
        "software",
        Software,
        "ソフトウェア",
        (
            "name", "version", "kind", "vendor", "support_ends_on", "extended_until", "licence_metric",
            "licences", "licences_used", "cpe", "note",
        ),
    ),
    Thing(
        "contract",
        Contract,
        "契約",
        (
            "number", "name", "kind", "vendor", "tendering", "signed_on", "starts_on", "ends_on", "notice_on",
            "renews_itself", "long_term", "amount", "yearly_amount", "note",
        ),
        "複数のシステムにまたがる契約は、同じ契約番号でシステムごとに登録し、金額はこのシステムの分を入れます。",
    ),
    Thing(
        "environment",
        Environment,
        "環境",
        ("name", "kind", "place", "address", "holds_real_data", "note"),
    ),
    Thing(
        "dependency",
        Dependency,
        "データ連携",
        ("source", "target", "outside", "data", "method", "cycle", "personal", "note"),
        "渡す側と受け取る側の一方は、このシステムです。相手が庁外のときは、相手の側を空欄にして、庁外の相手を書きます。",
    ),
    Thing(
        "cost",
        CostLine,
        "費用",
        ("fiscal_year", "item", "stage", "number", "amount", "source_file", "source_row", "note"),
        "金額は円で入れます。負の額を入れられるのは、補正・流用・繰越だけです。",
    ),
)  # fmt: skip
"""What hangs on one system."""

REGISTERS = _by_key(
    Thing(
        "vendor",
        Vendor,
        "事業者",
        ("name", "kana", "corporate_number", "address", "contact", "phone", "mail"),
        "契約の相手方と、ソフトウェアの提供者です。",
    ),
    Thing(
        "host",
        Host,
        "収容ホスト",
        (
            "name", "zone", "place", "model", "cores", "memory_gb", "disk_gb", "iops", "installed_on",
            "support_ends_on",
        ),
        "仮想サーバを載せている機器です。",
    ),
    Thing(
        "cost-item",
        CostItem,
        "経費区分",
        ("code", "name", "section", "order", "from_year", "until_year"),
        "整備経費と運用等経費の細目です。使う年度を決めておくと、費用の入力で確かめます。",
    ),
    Thing(
        "matching-rule",
        MatchingRule,
        "照合の規則",
        ("order", "system", "division", "project", "description", "section", "from_year", "until_year"),
        "会計の出力の支払いが、どのシステムのものかを決めます。順番の小さい規則から当てはめます。",
    ),
    Thing(
        "completeness-rule",
        CompletenessRule,
        "充足度の規則",
        ("item", "weight", "level", "may_not_apply", "from_year", "until_year"),
        "カルテがどれだけ書けているかを測る項目と重みです。必須の項目は、照会票の提出の前に確かめます。",
    ),
)  # fmt: skip
"""What the secretariat keeps for all systems."""


def part_of(key: str) -> Thing:
    """A kind of what hangs on systems; raises ``Http404``."""
    if key not in PARTS:
        raise Http404
    return PARTS[key]


def register_of(key: str) -> Thing:
    """A kind of list for all systems; raises ``Http404``."""
    if key not in REGISTERS:
        raise Http404
    return REGISTERS[key]
