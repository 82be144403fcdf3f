"""Tokens (APIトークン) by which programs act for a person."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class ApiToken(models.Model):
    """A token of a person for a program (APIトークン): what it may do, until when, when it was last used.

    The token itself is shown once and never stored: 256 random bits need no slow hash, SHA-256 finds them again.
    Roles are not in it: the person's roles of the day of each request hold.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="利用者", on_delete=models.PROTECT, related_name="api_tokens"
    )
    name = models.CharField("名前", max_length=100)
    prefix = models.CharField("先頭の文字", max_length=12)
    digest = models.CharField("SHA-256", max_length=64, unique=True)
    scopes = models.JSONField("使える範囲", default=list)
    created_at = models.DateTimeField("作成日時", auto_now_add=True)
    expires_at = models.DateTimeField("期限")
    last_used_at = models.DateTimeField("最後に使った日時", null=True, blank=True)
    revoked_at = models.DateTimeField("取り消した日時", null=True, blank=True)

    class Meta:
        verbose_name = "APIトークン"
        verbose_name_plural = "APIトークン"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name}（{self.prefix}…）"

    @property
    def is_expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at <= timezone.now()

    @property
    def is_usable(self) -> bool:
        """Whether a request may come with it."""
        return self.revoked_at is None and not self.is_expired

    def covers(self, noun: str, *, writing: bool) -> bool:
        """Whether the scope holds the noun; the right to write includes the right to read."""
        return f"{noun}:write" in self.scopes or (not writing and f"{noun}:read" in self.scopes)
