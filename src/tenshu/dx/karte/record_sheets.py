"""The register of kartes in and out: kartes, servers, software, contracts; linked by names and numbers."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet

from tenshu.dx.karte.columns import columns_of
from tenshu.dx.karte.fields import FIELDS, items
from tenshu.dx.karte.models import (
    CompletenessRule,
    Contract,
    Dependency,
    Environment,
    Host,
    Karte,
    NotApplicable,
    Server,
    Software,
    Vendor,
)
from tenshu.dx.karte.models.choices import BANDS, LOADS
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import DIVISION, EDITORS
from tenshu.ground.exchange import (
    ChoiceColumn,
    Directory,
    IntegerColumn,
    ModelDirectory,
    ReferenceColumn,
    RowChange,
    RowProblem,
    RowRefused,
    TextColumn,
)
from tenshu.ground.exchange.model_table import ModelTable
from tenshu.ground.office.sheets import STAFF
from tenshu.ground.systems.models import System
from tenshu.ground.systems.queries import SEES_REGISTER, editable_owners
from tenshu.ground.systems.sheets import SYSTEMS

VENDORS = ModelDirectory("karte.Vendor", key="name", noun="事業者")
HOSTS = ModelDirectory("karte.Host", key="name", noun="収容ホスト")
OF_SYSTEM: dict[str, tuple[Directory, str]] = {"system": (SYSTEMS, "システム番号")}


class RegisterTable(ModelTable):
    """A table that the secretariat keeps; everybody who sees the register takes it out."""

    opens_from = "karte:karte-list"

    def may_export(self, user: User) -> bool:
        return holds_any(user, SEES_REGISTER)

    def _checked[M: Model](self, record: M, change: RowChange) -> M:
        """The record's own rules, without a query a row: references were found, keys were matched by the exchange."""
        relations = [field.name for field in record._meta.concrete_fields if field.is_relation]
        try:
            record.clean_fields(exclude=relations)
            record.clean()
        except ValidationError as error:
            name, messages = next(iter(error.message_dict.items()))
            known = {column.name for column in self.columns}
            raise RowRefused(change, messages[0], column=name if name in known else "") from error
        return record


class SystemPartTable(RegisterTable):
    """A table of what hangs on systems: a division writes the rows of its own systems."""

    editors = EDITORS | DIVISION
    removable = True
    attributes = {"system": "system_id"}

    def may_write_row(self, change: RowChange, user: User) -> bool:
        if holds_any(user, EDITORS):
            return True
        named = (change.values.get(name) for name in ("system", "source", "target"))
        ends = [key for key in named if key is not None]
        return System.objects.filter(pk__in=ends, owner_id__in=editable_owners(user)).exists()

    def queryset(self) -> "QuerySet[Any]":
        return self.model._default_manager.order_by("system__number", "pk")


class KarteTable(SystemPartTable):
    """カルテ.xlsx: one row a system, every field."""

    name, title, noun = "kartes", "カルテ", "カルテ"
    model, verb = Karte, "karte.karte"
    key = ("system",)
    removable = False
    attributes = {
        "system": "system_id",
        "main_contact": "main_contact_id",
        "second_contact": "second_contact_id",
    }
    columns = columns_of(
        Karte,
        ("system", *FIELDS),
        required=("system",),
        directories={
            **OF_SYSTEM,
            "main_contact": (STAFF, "主担当の職員番号"),
            "second_contact": (STAFF, "副担当の職員番号"),
        },
    )


class VendorTable(RegisterTable):
    """事業者.xlsx"""

    name, title, noun = "karte-vendors", "事業者", "事業者"
    model, verb = Vendor, "karte.vendor"
    key = ("name",)
    columns = columns_of(
        Vendor,
        ("name", "kana", "corporate_number", "address", "contact", "phone", "mail"),
        required=("name",),
    )


class HostTable(RegisterTable):
    """収容ホスト.xlsx"""

    name, title, noun = "karte-hosts", "収容ホスト", "収容ホスト"
    model, verb = Host, "karte.host"
    key = ("name",)
    columns = columns_of(
        Host,
        (
            "name", "zone", "place", "model", "cores", "memory_gb", "disk_gb", "iops", "installed_on",
            "support_ends_on",
        ),
        required=("name",),
    )  # fmt: skip


class EnvironmentTable(SystemPartTable):
    """環境.xlsx"""

    name, title, noun = "karte-environments", "環境", "環境"
    model, verb = Environment, "karte.environment"
    key = ("system", "name")
    label = "name"
    columns = columns_of(
        Environment,
        ("system", "name", "kind", "place", "address", "holds_real_data", "note"),
        required=("system", "name", "kind"),
        directories=OF_SYSTEM,
    )


class ServerTable(SystemPartTable):
    """サーバ.xlsx: capacity, and the load in six time bands."""

    name, title, noun = "karte-servers", "サーバ", "サーバ"
    model, verb = Server, "karte.server"
    key = ("name",)
    keys_may_change = True
    attributes = {"system": "system_id", "host": "host_id"}
    _plain = (
        "name", "system", "role", "environment", "kind", "host", "zone", "address", "maker_model", "place",
        "operating_system", "os_version", "os_support_ends_on", "support_ends_on", "installed_on", "removed_on",
        "cores", "memory_gb", "disk_gb", "iops", "note",
    )  # fmt: skip
    columns = (
        *columns_of(
            Server,
            _plain,
            required=("name", "system"),
            directories={**OF_SYSTEM, "host": (HOSTS, "収容ホスト名")},
        ),
        *(
            IntegerColumn(
                f"{kind}_{band}", f"{label} {hours}", unit=unit, maximum=100 if kind == "cpu" else None
            )
            for kind, (label, unit) in LOADS.items()
            for band, hours in enumerate(BANDS)
        ),
    )

    def values_of(self, record: Any) -> dict[str, Any]:
        found = {name: getattr(record, self.attributes.get(name, name)) for name in self._plain}
        loads = {f"{kind}_{band}": record.load(kind, band) for kind in LOADS for band in range(len(BANDS))}
        return found | loads

    def attributes_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        found = {self.attributes.get(name, name): values[name] for name in self._plain}
        loads = {kind: [values[f"{kind}_{band}"] for band in range(len(BANDS))] for kind in LOADS}
        return found | {
            "loads": {kind: row for kind, row in loads.items() if any(v is not None for v in row)}
        }


class SoftwareTable(SystemPartTable):
    """ソフトウェア.xlsx"""

    name, title, noun = "karte-software", "ソフトウェア", "ソフトウェア"
    model, verb = Software, "karte.software"
    key = ("system", "name", "version")
    label = "name"
    attributes = {"system": "system_id", "vendor": "vendor_id"}
    columns = columns_of(
        Software,
        (
            "system", "name", "version", "kind", "vendor", "support_ends_on", "extended_until",
            "licence_metric", "licences", "licences_used", "cpe", "note",
        ),
        required=("system", "name", "kind"),
        directories={**OF_SYSTEM, "vendor": (VENDORS, "提供者")},
    )  # fmt: skip


class ContractTable(SystemPartTable):
    """契約.xlsx"""

    name, title, noun = "karte-contracts", "契約", "契約"
    model, verb = Contract, "karte.contract"
    key = ("system", "number")
    label = "name"
    attributes = {"system": "system_id", "vendor": "vendor_id"}
    columns = columns_of(
        Contract,
        (
            "system", "number", "name", "kind", "vendor", "tendering", "signed_on", "starts_on", "ends_on",
            "notice_on", "renews_itself", "long_term", "amount", "yearly_amount", "note",
        ),
        required=("system", "number", "name", "kind", "vendor", "starts_on", "ends_on"),
        directories={**OF_SYSTEM, "vendor": (VENDORS, "相手方")},
    )  # fmt: skip

    def validate(self, row: RowChange) -> Iterable[RowProblem]:
        first, last = row.values["starts_on"], row.values["ends_on"]
        if first and last and last < first:
            yield RowProblem("ends_on", "終了日が開始日より前です", "どちらかの日を直す")


class DependencyTable(SystemPartTable):
    """データ連携.xlsx"""

    name, title, noun = "karte-dependencies", "データ連携", "データ連携"
    model, verb = Dependency, "karte.dependency"
    key = ("source", "target", "outside", "data")
    label = "data"
    attributes = {"source": "source_id", "target": "target_id"}
    columns = columns_of(
        Dependency,
        ("source", "target", "outside", "data", "method", "cycle", "personal", "note"),
        required=("data", "method"),
        directories={
            "source": (SYSTEMS, "渡す側のシステム番号"),
            "target": (SYSTEMS, "受け取る側のシステム番号"),
        },
    )

    def queryset(self) -> "QuerySet[Any]":
        return Dependency.objects.order_by("pk")


class RuleTable(RegisterTable):
    """充足度の規則.xlsx: the item by its Japanese name."""

    name, title, noun = "karte-rules", "充足度の規則", "規則"
    model, verb = CompletenessRule, "karte.completeness_rule"
    key = ("item", "from_year")
    removable = True
    columns = (
        ChoiceColumn("item", "項目", choices=items(), required=True),
        *columns_of(
            CompletenessRule,
            ("weight", "level", "may_not_apply", "from_year", "until_year"),
            required=("from_year",),
        ),
    )


class NotApplicableTable(SystemPartTable):
    """該当なし.xlsx"""

    name, title, noun = "karte-not-applicable", "該当なし", "該当なし"
    model, verb = NotApplicable, "karte.not_applicable"
    key = ("system", "item")
    columns = (
        ReferenceColumn("system", "システム番号", required=True, directory=SYSTEMS),
        ChoiceColumn("item", "項目", choices=items(), required=True),
        TextColumn("reason", "該当しない理由", required=True),
    )


KARTE_TABLE, SERVER_TABLE, SOFTWARE_TABLE = KarteTable(), ServerTable(), SoftwareTable()
CONTRACT_TABLE, ENVIRONMENT_TABLE, DEPENDENCY_TABLE = ContractTable(), EnvironmentTable(), DependencyTable()
VENDOR_TABLE, HOST_TABLE = VendorTable(), HostTable()
RULE_TABLE, NOT_APPLICABLE_TABLE = RuleTable(), NotApplicableTable()
