"""Money in whole yen: the table of cost items, lines of budget and settlement, payments and how they find their system."""

from django.core.exceptions import ValidationError
from django.db import models

from tenshu.dx.karte.models.choices import CostSection, Stage
from tenshu.ground.access.models import User
from tenshu.ground.systems.models import System

SIGNED = {Stage.SUPPLEMENTARY, Stage.DIVERTED, Stage.CARRIED}
"""Stages whose lines may be negative: they change a budget."""


class CostItem(models.Model):
    """A line of the cost table (経費区分), valid from a fiscal year; kept by the office itself."""

    code = models.CharField("コード", max_length=20, unique=True)
    name = models.CharField("経費", max_length=100)
    section = models.CharField("経費区分", max_length=20, choices=CostSection)
    order = models.PositiveSmallIntegerField("順番", default=0)
    from_year = models.PositiveSmallIntegerField("適用開始年度")
    until_year = models.PositiveSmallIntegerField("適用終了年度", null=True, blank=True)

    class Meta:
        verbose_name = "経費区分"
        verbose_name_plural = "経費区分"
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.name

    def holds_in(self, year: int) -> bool:
        """Whether the item may be used in a fiscal year."""
        return self.from_year <= year and (self.until_year is None or year <= self.until_year)


class CostLine(models.Model):
    """An amount of a system in a year, by item and stage (費用), with the file and row that it came from."""

    system = models.ForeignKey(
        System, verbose_name="システム", on_delete=models.PROTECT, related_name="cost_lines"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    item = models.ForeignKey(CostItem, verbose_name="経費", on_delete=models.PROTECT, related_name="lines")
    stage = models.CharField("段階", max_length=20, choices=Stage)
    number = models.PositiveSmallIntegerField("枝番", default=1)
    amount = models.BigIntegerField("金額")
    source_file = models.CharField("出どころのファイル", max_length=200, blank=True)
    source_row = models.PositiveIntegerField("出どころの行", null=True, blank=True)
    note = models.CharField("備考", max_length=300, blank=True)

    class Meta:
        verbose_name = "費用"
        verbose_name_plural = "費用"
        ordering = ["fiscal_year", "system__number", "item__order", "stage", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "fiscal_year", "item", "stage", "number"], name="karte_cost_line_once"
            )
        ]
        indexes = [models.Index(fields=["fiscal_year", "stage"], name="karte_cost_year")]

    def __str__(self) -> str:
        return f"{self.system} {self.fiscal_year} {self.get_stage_display()}"

    def clean(self) -> None:
        """Only changes of a budget may be negative, and an item has its years."""
        if self.amount is not None and self.amount < 0 and self.stage not in SIGNED:
            raise ValidationError({"amount": "負の額を入れられるのは、補正・流用・繰越だけです。"})
        if self.item_id and self.fiscal_year and not self.item.holds_in(self.fiscal_year):
            raise ValidationError({"item": f"「{self.item}」は、この年度では使えません。"})


class MatchingRule(models.Model):
    """How payments find their system (照合の規則): words that the payment's texts have to contain."""

    order = models.PositiveSmallIntegerField("順番", default=100)
    system = models.ForeignKey(
        System, verbose_name="システム", on_delete=models.PROTECT, related_name="matching_rules"
    )
    division = models.CharField("室課名に含む", max_length=100, blank=True)
    project = models.CharField("事業名に含む", max_length=100, blank=True)
    description = models.CharField("支払内容に含む", max_length=100, blank=True)
    section = models.CharField("節（細節名）に含む", max_length=100, blank=True)
    from_year = models.PositiveSmallIntegerField("適用開始年度", null=True, blank=True)
    until_year = models.PositiveSmallIntegerField("適用終了年度", null=True, blank=True)

    WORDS = ("division", "project", "description", "section")

    class Meta:
        verbose_name = "照合の規則"
        verbose_name_plural = "照合の規則"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        words = [f"{getattr(self, name)}" for name in self.WORDS if getattr(self, name)]
        return f"{'・'.join(words)} → {self.system}"

    def clean(self) -> None:
        """A rule without a word would take every payment."""
        if not any(getattr(self, name) for name in self.WORDS):
            raise ValidationError({"description": "含む言葉を1つ以上入れてください。"})

    def takes(self, payment: "Payment") -> bool:
        """Whether every word of the rule stands in the payment."""
        if self.from_year is not None and payment.fiscal_year < self.from_year:
            return False
        if self.until_year is not None and payment.fiscal_year > self.until_year:
            return False
        return all(
            not getattr(self, name) or getattr(self, name) in getattr(payment, name) for name in self.WORDS
        )


class Payment(models.Model):
    """A payment of the accounting export (支払い), as it was exported, and the system that it was for."""

    source_file = models.CharField("取込元のファイル", max_length=200)
    source_row = models.PositiveIntegerField("行")
    fiscal_year = models.PositiveSmallIntegerField("会計年度")
    department = models.CharField("部局名", max_length=100, blank=True)
    division = models.CharField("室課名", max_length=100, blank=True)
    paid_on = models.DateField("支払日")
    account = models.CharField("会計区分", max_length=100, blank=True)
    section = models.CharField("節（細節名）", max_length=100, blank=True)
    description = models.CharField("支払内容", max_length=300, blank=True)
    amount = models.BigIntegerField("支払額")
    project = models.CharField("事業名", max_length=200, blank=True)
    system = models.ForeignKey(
        System,
        verbose_name="システム",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="payments",
    )
    rule = models.ForeignKey(
        MatchingRule,
        verbose_name="照合の規則",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="payments",
    )
    by_hand = models.BooleanField("手で決めた", default=False)

    class Meta:
        verbose_name = "支払い"
        verbose_name_plural = "支払い"
        ordering = ["paid_on", "source_file", "source_row"]
        constraints = [
            models.UniqueConstraint(fields=["source_file", "source_row"], name="karte_payment_once")
        ]
        indexes = [models.Index(fields=["fiscal_year", "system"], name="karte_payment_year")]

    def __str__(self) -> str:
        return self.description or self.project


class Edition(models.Model):
    """A system's karte as it was confirmed for a fiscal year (年度版): frozen, and chained by its digests.

    ``content`` holds all fields, links and money as plain values; ``digest`` is SHA-256 over it and the digest of
    the edition before. ``number`` counts editions of one year: an acceptance that was taken back leaves the earlier one.
    """

    system = models.ForeignKey(
        System, verbose_name="システム", on_delete=models.PROTECT, related_name="karte_editions"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("版", default=1)
    content = models.JSONField("内容")
    score = models.PositiveSmallIntegerField("充足度", null=True, blank=True)
    previous = models.OneToOneField(
        "self",
        verbose_name="前の版",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="following",
    )
    digest = models.CharField("要約値", max_length=64)
    frozen_at = models.DateTimeField("確定日時")
    frozen_by = models.ForeignKey(User, verbose_name="確定した人", on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.CharField("確認した人", max_length=200, blank=True)

    class Meta:
        verbose_name = "カルテの年度版"
        verbose_name_plural = "カルテの年度版"
        ordering = ["system__number", "fiscal_year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["system", "fiscal_year", "number"], name="karte_edition_once")
        ]
        indexes = [models.Index(fields=["fiscal_year"], name="karte_edition_year")]

    def __str__(self) -> str:
        from tenshu.ground.calendar.fiscal_year import FiscalYear

        return f"{self.system} {FiscalYear(self.fiscal_year)}版"
