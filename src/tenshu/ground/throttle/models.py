"""Counts of tries (回数). Keys are hashed: the table tells nobody who tried."""

from django.db import models


class Count(models.Model):
    """How often one thing was tried in its running window, which begins with the first try."""

    scope = models.CharField("種類", max_length=60)
    key_hash = models.CharField("対象のハッシュ", max_length=64)
    tries = models.PositiveIntegerField("回数")
    ends_at = models.BigIntegerField("期間の終わり（UNIX秒）", db_index=True)

    class Meta:
        verbose_name = "回数"
        verbose_name_plural = "回数"
        constraints = [models.UniqueConstraint(fields=["scope", "key_hash"], name="throttle_count_key")]

    def __str__(self) -> str:
        return f"{self.scope} {self.tries}"
