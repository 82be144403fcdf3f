"""What the index keeps: one row a record, and the text of stored files. All of it can be made anew from the records."""

from django.db import models

from tenshu.ground.files.models import StoredFile


class IndexRow(models.Model):
    """A record as the search knows it (検索の索引の行). Texts are folded (``search.folding``).

    The pairs and triples of letters lie beside it: on PostgreSQL in a column of this table, on SQLite in a
    full-text table (``search.stores``).
    """

    source = models.CharField("種類", max_length=40)
    object_key = models.BigIntegerField("記録の番号")
    title = models.CharField("題", max_length=400)
    keys = models.CharField("番号・コード", max_length=400)
    on = models.DateField("日付", null=True, db_index=True)
    digest = models.CharField("内容のハッシュ", max_length=32)
    marks = models.TextField("見てよい人のしるし")
    # The last column: SQLite walks through all of a long text to reach what stands behind it.
    whole = models.TextField("全文")

    class Meta:
        verbose_name = "検索の索引の行"
        verbose_name_plural = "検索の索引の行"
        constraints = [models.UniqueConstraint(fields=["source", "object_key"], name="search_row_once")]
        indexes = [models.Index(fields=["title"], name="search_row_title")]

    def __str__(self) -> str:
        return f"{self.source} {self.object_key}"


class ExtractState(models.TextChoices):
    """How reading a file ended."""

    READ = "read", "読めた"
    CUT = "cut", "途中まで読めた"
    FAILED = "failed", "読めなかった"
    PASSED_OVER = "passed_over", "文字の無い形式"


class Extract(models.Model):
    """The text of a stored file (本文の抜出し), read once however often the file hangs."""

    stored = models.OneToOneField(
        StoredFile, verbose_name="保存ファイル", on_delete=models.CASCADE, related_name="extract"
    )
    state = models.CharField("結果", max_length=12, choices=ExtractState)
    text = models.TextField("本文", blank=True)
    note = models.CharField("読めなかった理由", max_length=200, blank=True)
    read_at = models.DateTimeField("読んだ日時", auto_now=True)

    class Meta:
        verbose_name = "添付の本文"
        verbose_name_plural = "添付の本文"

    def __str__(self) -> str:
        return str(self.stored)
