"""The karte itself: what is known of a system beside the light row of the register."""

from django.db import models

from tenshu.dx.karte.models.choices import (
    Business,
    Consolidation,
    Cycle,
    Degree,
    Development,
    Hosting,
    InfoClass,
    Level,
    Lifecycle,
    Standardisation,
    Zone,
    ZoneModel,
)
from tenshu.ground.office.models import Staff
from tenshu.ground.systems.models import System

_SHORT, _LINE = 100, 300


class Karte(models.Model):
    """The karte of a system (システムカルテ). Written by the secretariat and the owner; ``None`` means not known."""

    system = models.OneToOneField(
        System, verbose_name="システム", on_delete=models.PROTECT, related_name="karte"
    )

    # 業務
    summary = models.TextField("概要", blank=True)
    business = models.CharField("標準化業務", max_length=30, choices=Business, blank=True)
    business_name = models.CharField("業務名", max_length=_LINE, blank=True)
    law = models.CharField("根拠法令", max_length=_LINE, blank=True)
    lifecycle = models.CharField("ライフサイクル", max_length=20, choices=Lifecycle, blank=True)
    importance = models.CharField("重要度", max_length=10, choices=Level, blank=True)
    effect_of_stop = models.TextField("停止したときの影響", blank=True)
    busy_season = models.CharField("繁忙期", max_length=_SHORT, blank=True)
    yearly_cases = models.PositiveIntegerField("年間処理件数", null=True, blank=True)
    renewal_on = models.DateField("更改予定日", null=True, blank=True)
    renewal_plan = models.TextField("更改の方針", blank=True)

    # 利用者
    users_staff = models.PositiveIntegerField("利用する職員", null=True, blank=True)
    users_outside = models.PositiveIntegerField("利用する他団体の職員", null=True, blank=True)
    users_public = models.PositiveIntegerField("利用する県民・事業者", null=True, blank=True)
    users_at_once = models.PositiveIntegerField("同時利用の最大", null=True, blank=True)
    user_units = models.CharField("利用する所属", max_length=_LINE, blank=True)
    terminals = models.PositiveIntegerField("利用端末", null=True, blank=True)
    service_hours = models.CharField("サービス時間", max_length=_SHORT, blank=True)
    runs_on_holidays = models.BooleanField("閉庁日の運用", null=True, blank=True)
    accessible = models.BooleanField("JIS X 8341-3への対応", null=True, blank=True)

    # ネットワーク
    zone = models.CharField("ネットワーク", max_length=20, choices=Zone, blank=True)
    zone_model = models.CharField("モデル", max_length=20, choices=ZoneModel, blank=True)
    uses_global_ip = models.BooleanField("グローバルIPの使用", null=True, blank=True)
    global_ips = models.CharField("グローバルIPアドレス", max_length=_LINE, blank=True)
    domain = models.CharField("公開ドメイン", max_length=_SHORT, blank=True)
    lines = models.CharField("回線", max_length=_LINE, blank=True)
    remote_maintenance = models.BooleanField("遠隔保守", null=True, blank=True)
    telework = models.BooleanField("テレワークでの利用", null=True, blank=True)
    wireless = models.BooleanField("無線での利用", null=True, blank=True)

    # 情報
    info_class = models.CharField("自治体機密性", max_length=4, choices=InfoClass, blank=True)
    integrity = models.CharField("自治体完全性", max_length=4, choices=Degree, blank=True)
    availability = models.CharField("自治体可用性", max_length=4, choices=Degree, blank=True)
    holds_personal = models.BooleanField("個人情報", null=True, blank=True)
    personal_count = models.PositiveIntegerField("個人情報の人数", null=True, blank=True)
    holds_sensitive = models.BooleanField("要配慮個人情報", null=True, blank=True)
    uses_mynumber = models.BooleanField("マイナンバー利用", null=True, blank=True)
    mynumber_affair = models.CharField("マイナンバー利用事務", max_length=_LINE, blank=True)
    assessed_on = models.DateField("特定個人情報保護評価の公表日", null=True, blank=True)
    retention = models.CharField("データの保存期間", max_length=_SHORT, blank=True)
    open_data = models.BooleanField("オープンデータの公開", null=True, blank=True)

    # 基盤
    hosting = models.CharField("設置形態", max_length=20, choices=Hosting, blank=True)
    place = models.CharField("設置場所", max_length=_SHORT, blank=True)
    cloud_service = models.CharField("クラウドサービス名", max_length=_SHORT, blank=True)
    government_cloud = models.BooleanField("ガバメントクラウド", null=True, blank=True)
    ismap = models.BooleanField("ISMAP登録", null=True, blank=True)
    virtualised = models.BooleanField("仮想化", null=True, blank=True)
    development = models.CharField("開発形態", max_length=20, choices=Development, blank=True)
    package = models.CharField("パッケージ名", max_length=_SHORT, blank=True)
    language = models.CharField("開発言語", max_length=_SHORT, blank=True)
    database = models.CharField("データベース", max_length=_SHORT, blank=True)
    browser = models.CharField("対応ブラウザ", max_length=_SHORT, blank=True)
    client_software = models.CharField("端末に入れるソフトウェア", max_length=_LINE, blank=True)
    character_set = models.CharField("文字コード", max_length=_SHORT, blank=True)
    uses_gaiji = models.BooleanField("外字の使用", null=True, blank=True)
    owns_copyright = models.BooleanField("著作権の保有", null=True, blank=True)
    has_specification = models.BooleanField("設計書の保有", null=True, blank=True)

    # 運用
    operators = models.PositiveIntegerField("運用担当の職員", null=True, blank=True)
    operator_hours = models.PositiveIntegerField("運用にかかる年間時間", null=True, blank=True)
    operation_outsourced = models.BooleanField("運用の委託", null=True, blank=True)
    on_site_staff = models.PositiveIntegerField("常駐する事業者", null=True, blank=True)
    help_desk = models.BooleanField("問合せ窓口", null=True, blank=True)
    sla = models.BooleanField("SLAの締結", null=True, blank=True)
    monitoring = models.CharField("監視の方法", max_length=_SHORT, blank=True)
    backup_cycle = models.CharField("バックアップの頻度", max_length=10, choices=Cycle, blank=True)
    backup_place = models.CharField("バックアップの保管先", max_length=_SHORT, blank=True)
    backup_offline = models.BooleanField("切り離したバックアップ", null=True, blank=True)
    restored_on = models.DateField("復旧を試した日", null=True, blank=True)
    recovery_time = models.PositiveIntegerField("目標復旧時間", null=True, blank=True)
    recovery_point = models.PositiveIntegerField("目標復旧時点", null=True, blank=True)
    continuity_plan = models.BooleanField("業務継続計画への記載", null=True, blank=True)
    recovery_site = models.CharField("代替の設置場所", max_length=_SHORT, blank=True)

    # セキュリティ
    authentication = models.CharField("認証の方法", max_length=_SHORT, blank=True)
    second_factor = models.BooleanField("多要素認証", null=True, blank=True)
    single_sign_on = models.BooleanField("統合認証との連携", null=True, blank=True)
    encrypts_storage = models.BooleanField("保存データの暗号化", null=True, blank=True)
    encrypts_transport = models.BooleanField("通信の暗号化", null=True, blank=True)
    malware_protection = models.CharField("不正プログラム対策", max_length=_SHORT, blank=True)
    patch_cycle = models.CharField("修正プログラムの適用", max_length=10, choices=Cycle, blank=True)
    log_months = models.PositiveIntegerField("ログの保存期間", null=True, blank=True)
    log_review = models.CharField("ログの点検", max_length=10, choices=Cycle, blank=True)
    account_review = models.CharField("利用者IDの棚卸し", max_length=10, choices=Cycle, blank=True)
    diagnosed_on = models.DateField("脆弱性診断を受けた日", null=True, blank=True)
    inspected_on = models.DateField("セキュリティ点検の日", null=True, blank=True)
    usb_use = models.BooleanField("外部記憶媒体の使用", null=True, blank=True)

    # 最適化・標準化
    standardisation = models.CharField("標準化の状況", max_length=20, choices=Standardisation, blank=True)
    standardised_on = models.DateField("標準準拠システムへの移行日", null=True, blank=True)
    consolidation = models.CharField("機器の集約", max_length=20, choices=Consolidation, blank=True)
    consolidation_reason = models.TextField("集約の条件・理由", blank=True)
    software_review = models.TextField("ソフトウェアの見直し", blank=True)
    unified_operation = models.TextField("運用の一元化", blank=True)
    dashboard_id = models.CharField("情報システムID", max_length=_SHORT, blank=True)
    dashboard_class = models.CharField("ITダッシュボードの区分", max_length=_SHORT, blank=True)
    dashboard_reduction = models.BooleanField("統廃合・該非", null=True, blank=True)
    dashboard_platform = models.BooleanField("PF統合・該非", null=True, blank=True)

    # 連絡先
    chief = models.CharField("情報責任者の職", max_length=_SHORT, blank=True)
    main_contact = models.ForeignKey(
        Staff, verbose_name="主担当", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    second_contact = models.ForeignKey(
        Staff, verbose_name="副担当", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    phone = models.CharField("内線", max_length=40, blank=True)
    group_mail = models.CharField("共有メール", max_length=_SHORT, blank=True)
    vendor_contact = models.CharField("事業者の窓口", max_length=_LINE, blank=True)
    emergency_contact = models.CharField("緊急時の連絡先", max_length=_LINE, blank=True)
    note = models.TextField("備考", blank=True)

    class Meta:
        verbose_name = "システムカルテ"
        verbose_name_plural = "システムカルテ"
        ordering = ["system__number"]

    def __str__(self) -> str:
        return f"{self.system}のカルテ"


class NotApplicable(models.Model):
    """A field or link of a karte that this system cannot have (該当なし), with the reason."""

    system = models.ForeignKey(
        System, verbose_name="システム", on_delete=models.PROTECT, related_name="not_applicable"
    )
    item = models.CharField("項目", max_length=60)
    reason = models.CharField("理由", max_length=300)

    class Meta:
        verbose_name = "該当なし"
        verbose_name_plural = "該当なし"
        ordering = ["system__number", "item"]
        constraints = [models.UniqueConstraint(fields=["system", "item"], name="karte_not_applicable_once")]

    def __str__(self) -> str:
        return f"{self.system} {self.item}"


class CompletenessRule(models.Model):
    """What a complete karte has (充足度の規則): a field or a link, its weight and level, and its years."""

    item = models.CharField("項目", max_length=60)
    weight = models.PositiveSmallIntegerField("重み", default=1)
    level = models.PositiveSmallIntegerField(
        "段階", default=1, choices=[(1, "必須"), (2, "標準"), (3, "詳細")]
    )
    may_not_apply = models.BooleanField("該当なしを認める", default=False)
    from_year = models.PositiveSmallIntegerField("適用開始年度")
    until_year = models.PositiveSmallIntegerField("適用終了年度", null=True, blank=True)

    class Meta:
        verbose_name = "充足度の規則"
        verbose_name_plural = "充足度の規則"
        ordering = ["level", "pk"]
        constraints = [models.UniqueConstraint(fields=["item", "from_year"], name="karte_rule_once")]

    def __str__(self) -> str:
        from tenshu.dx.karte.fields import item_label

        return item_label(self.item)
