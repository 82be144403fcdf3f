"""What a system is made of: hosts, servers, software, contracts, environments, and data that flows between systems."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from tenshu.dx.karte.models.choices import (
    BANDS,
    LOADS,
    ContractKind,
    Cycle,
    EnvironmentKind,
    LinkMethod,
    ServerKind,
    SoftwareKind,
    Tendering,
    Zone,
)
from tenshu.ground.systems.models import System


def _of_system(related_name: str) -> dict[str, Any]:
    return {"verbose_name": "システム", "on_delete": models.PROTECT, "related_name": related_name}


class Vendor(models.Model):
    """A company that the office deals with (事業者)."""

    name = models.CharField("事業者名", max_length=200, unique=True)
    kana = models.CharField("かな", max_length=300, blank=True)
    corporate_number = models.CharField("法人番号", max_length=13, blank=True)
    address = models.CharField("所在地", max_length=300, blank=True)
    contact = models.CharField("担当部署", max_length=200, blank=True)
    phone = models.CharField("電話", max_length=40, blank=True)
    mail = models.CharField("メール", max_length=200, blank=True)

    class Meta:
        verbose_name = "事業者"
        verbose_name_plural = "事業者"
        ordering = ["kana", "name"]

    def __str__(self) -> str:
        return self.name


class Host(models.Model):
    """A machine on which virtual servers run (収容ホスト)."""

    name = models.CharField("ホスト名", max_length=100, unique=True)
    zone = models.CharField("ネットワーク", max_length=20, choices=Zone, blank=True)
    place = models.CharField("設置場所", max_length=200, blank=True)
    model = models.CharField("機種", max_length=200, blank=True)
    cores = models.PositiveIntegerField("CPUコア数", null=True, blank=True)
    memory_gb = models.PositiveIntegerField("メモリ", null=True, blank=True)
    disk_gb = models.PositiveIntegerField("ディスク", null=True, blank=True)
    iops = models.PositiveIntegerField("IOPS上限", null=True, blank=True)
    installed_on = models.DateField("設置日", null=True, blank=True)
    support_ends_on = models.DateField("サポート終了日", null=True, blank=True)

    class Meta:
        verbose_name = "収容ホスト"
        verbose_name_plural = "収容ホスト"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Environment(models.Model):
    """An environment of a system (環境): production, staging, training."""

    system = models.ForeignKey(System, **_of_system("environments"))
    name = models.CharField("環境名", max_length=100)
    kind = models.CharField("種類", max_length=20, choices=EnvironmentKind)
    place = models.CharField("設置場所", max_length=200, blank=True)
    address = models.CharField("アドレス", max_length=300, blank=True)
    holds_real_data = models.BooleanField("本番データの使用", null=True, blank=True)
    note = models.TextField("備考", blank=True)

    class Meta:
        verbose_name = "環境"
        verbose_name_plural = "環境"
        ordering = ["system__number", "pk"]
        constraints = [models.UniqueConstraint(fields=["system", "name"], name="karte_environment_once")]

    def __str__(self) -> str:
        return self.name


class Server(models.Model):
    """A server with its capacity, and its load in six time bands (サーバ)."""

    system = models.ForeignKey(System, **_of_system("servers"))
    name = models.CharField("サーバ名", max_length=100, unique=True)
    role = models.CharField("役割", max_length=100, blank=True)
    environment = models.CharField("環境", max_length=20, choices=EnvironmentKind, blank=True)
    kind = models.CharField("形態", max_length=20, choices=ServerKind, default=ServerKind.VIRTUAL)
    host = models.ForeignKey(
        Host,
        verbose_name="収容ホスト",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="servers",
    )
    zone = models.CharField("ネットワーク", max_length=20, choices=Zone, blank=True)
    address = models.CharField("IPアドレス", max_length=100, blank=True)
    maker_model = models.CharField("機種", max_length=200, blank=True)
    place = models.CharField("設置場所", max_length=200, blank=True)
    operating_system = models.CharField("OS", max_length=100, blank=True)
    os_version = models.CharField("OSの版", max_length=100, blank=True)
    os_support_ends_on = models.DateField("OSのサポート終了日", null=True, blank=True)
    support_ends_on = models.DateField("機器の保守終了日", null=True, blank=True)
    installed_on = models.DateField("設置日", null=True, blank=True)
    removed_on = models.DateField("撤去日", null=True, blank=True)
    cores = models.PositiveIntegerField("CPUコア数", null=True, blank=True)
    memory_gb = models.PositiveIntegerField("メモリ", null=True, blank=True)
    disk_gb = models.PositiveIntegerField("ディスク", null=True, blank=True)
    iops = models.PositiveIntegerField("IOPS上限", null=True, blank=True)
    # {"cpu": [6 whole numbers or null], …}: the largest load in each time band (choices.BANDS, choices.LOADS).
    loads = models.JSONField("時間帯ごとの負荷", default=dict, blank=True)
    note = models.TextField("備考", blank=True)

    class Meta:
        verbose_name = "サーバ"
        verbose_name_plural = "サーバ"
        ordering = ["system__number", "name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Loads have six bands each and are never negative; a share of the CPU is at most all of it."""
        for kind, values in self.loads.items():
            if kind not in LOADS or len(values) != len(BANDS):
                raise ValidationError({"loads": "負荷は6つの時間帯ごとに入れてください。"})
            most = 100 if kind == "cpu" else None
            if any(v is not None and (v < 0 or (most is not None and v > most)) for v in values):
                raise ValidationError({"loads": f"{LOADS[kind][0]}の値を確かめてください。"})

    def load(self, kind: str, band: int) -> int | None:
        """The largest load of ``kind`` in the time band ``band`` (0 … 5), or ``None``."""
        values = self.loads.get(kind)
        return values[band] if values else None


class Software(models.Model):
    """Software that a system uses, with its licences and end of support (ソフトウェア・ライセンス)."""

    system = models.ForeignKey(System, **_of_system("software"))
    name = models.CharField("ソフトウェア名", max_length=200)
    version = models.CharField("版", max_length=100, blank=True)
    kind = models.CharField("種類", max_length=20, choices=SoftwareKind)
    vendor = models.ForeignKey(
        Vendor,
        verbose_name="提供者",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="software",
    )
    support_ends_on = models.DateField("サポート終了日", null=True, blank=True)
    extended_until = models.DateField("延長サポート終了日", null=True, blank=True)
    licence_metric = models.CharField("ライセンスの単位", max_length=100, blank=True)
    licences = models.PositiveIntegerField("保有ライセンス数", null=True, blank=True)
    licences_used = models.PositiveIntegerField("使用ライセンス数", null=True, blank=True)
    cpe = models.CharField("CPE", max_length=200, blank=True)
    note = models.TextField("備考", blank=True)

    class Meta:
        verbose_name = "ソフトウェア"
        verbose_name_plural = "ソフトウェア"
        ordering = ["system__number", "kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["system", "name", "version"], name="karte_software_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


class Contract(models.Model):
    """A contract, or the part of it that is a system's (契約). A contract over several systems has a row for each."""

    system = models.ForeignKey(System, **_of_system("contracts"))
    number = models.CharField("契約番号", max_length=40)
    name = models.CharField("契約名", max_length=200)
    kind = models.CharField("種類", max_length=20, choices=ContractKind)
    vendor = models.ForeignKey(
        Vendor, verbose_name="相手方", on_delete=models.PROTECT, related_name="contracts"
    )
    tendering = models.CharField("契約の方式", max_length=20, choices=Tendering, blank=True)
    signed_on = models.DateField("契約日", null=True, blank=True)
    starts_on = models.DateField("開始日")
    ends_on = models.DateField("終了日")
    notice_on = models.DateField("更新の申出期限", null=True, blank=True)
    renews_itself = models.BooleanField("自動更新", null=True, blank=True)
    long_term = models.BooleanField("長期継続契約", null=True, blank=True)
    amount = models.BigIntegerField("契約金額", null=True, blank=True)
    yearly_amount = models.BigIntegerField("年額", null=True, blank=True)
    note = models.TextField("備考", blank=True)

    class Meta:
        verbose_name = "契約"
        verbose_name_plural = "契約"
        ordering = ["ends_on", "system__number", "number"]
        constraints = [
            models.UniqueConstraint(fields=["system", "number"], name="karte_contract_once"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="karte_contract_span",
                violation_error_message="終了日は開始日以後の日にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="karte_contract_amount",
                violation_error_message="契約金額は0円以上にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Dependency(models.Model):
    """Data that flows from one system to another (データ連携). One end may lie outside the office."""

    source = models.ForeignKey(
        System, verbose_name="渡す側", null=True, blank=True, on_delete=models.PROTECT, related_name="gives"
    )
    target = models.ForeignKey(
        System,
        verbose_name="受け取る側",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="takes",
    )
    outside = models.CharField("庁外の相手", max_length=200, blank=True)
    data = models.CharField("データ", max_length=200)
    method = models.CharField("方法", max_length=20, choices=LinkMethod)
    cycle = models.CharField("頻度", max_length=10, choices=Cycle, blank=True)
    personal = models.BooleanField("個人情報を含む", null=True, blank=True)
    note = models.TextField("備考", blank=True)

    class Meta:
        verbose_name = "データ連携"
        verbose_name_plural = "データ連携"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "data"], name="karte_dependency_once"),
            models.UniqueConstraint(
                fields=["target", "outside", "data"],
                condition=Q(source__isnull=True),
                name="karte_dependency_in_once",
            ),
            models.UniqueConstraint(
                fields=["source", "outside", "data"],
                condition=Q(target__isnull=True),
                name="karte_dependency_out_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver}から{self.taker}へ {self.data}"

    def clean(self) -> None:
        """Two systems, or one system and somebody outside."""
        ends = [self.source_id, self.target_id]
        if ends == [None, None]:
            raise ValidationError({"source": "渡す側か受け取る側のシステムを入れてください。"})
        if None in ends and not self.outside:
            raise ValidationError({"outside": "相手が庁外のときは、相手の名前を入れてください。"})
        if None not in ends and self.outside:
            raise ValidationError({"outside": "両方が庁内のシステムのときは、空欄にしてください。"})
        if self.source_id == self.target_id:
            raise ValidationError({"target": "渡す側と受け取る側が同じです。"})

    @property
    def giver(self) -> str:
        """Who gives the data."""
        return self.source.name if self.source else self.outside

    @property
    def taker(self) -> str:
        """Who takes the data."""
        return self.target.name if self.target else self.outside
