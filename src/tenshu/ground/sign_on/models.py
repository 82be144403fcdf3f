"""Open sessions (サインインしている端末) and the sign-in log (サインインの記録)."""

from django.db import models

from tenshu.ground.access.models import User


class Way(models.TextChoices):
    """How a person proved who they are."""

    PASSWORD = "password", "パスワード"
    PASSKEY = "passkey", "パスキー"
    OIDC = "oidc", "認証基盤（OIDC）"
    SAML = "saml", "認証基盤（SAML）"
    LDAP = "ldap", "認証基盤（LDAP）"


class Factor(models.TextChoices):
    """The second proof that was given."""

    NONE = "", "なし"
    TOTP = "totp", "認証アプリ"
    PASSKEY = "passkey", "パスキー"
    RECOVERY = "recovery", "回復コード"
    PROVIDER = "provider", "認証基盤が確認"


class Outcome(models.TextChoices):
    """What became of one try to sign in."""

    LET_IN = "let-in", "サインインした"
    WRONG = "wrong", "利用者名かパスワードの違い"
    LOCKED = "locked", "続けた失敗による停止中"
    LIMITED = "limited", "回数の制限"
    WRONG_FACTOR = "wrong-factor", "二要素の確認の違い"
    UNKNOWN_NUMBER = "unknown-number", "名簿にない職員番号"
    LEFT = "left", "配属のない職員"
    STOPPED = "stopped", "利用の停止"
    OTHER_IDENTITY = "other-identity", "別の人にひも付いた職員番号"
    NAME_TAKEN = "name-taken", "職員番号が別の利用者名"
    DOUBTED = "doubted", "認証基盤の応答の誤り"
    CANCELLED = "cancelled", "認証基盤での取りやめ"
    UNREACHABLE = "unreachable", "認証基盤につながらない"


class OpenSession(models.Model):
    """One signed-in browser (端末). The key ends the session; it is never shown."""

    user = models.ForeignKey(
        User, verbose_name="利用者", on_delete=models.CASCADE, related_name="open_sessions"
    )
    session_key = models.CharField("セッションの鍵", max_length=40, unique=True)
    way = models.CharField("方法", max_length=20, choices=Way, default=Way.PASSWORD)
    factor = models.CharField("二要素", max_length=20, choices=Factor, blank=True)
    address = models.CharField("アドレス", max_length=45, blank=True)
    user_agent = models.CharField("ブラウザーの名乗り", max_length=300, blank=True)
    started_at = models.DateTimeField("サインインした日時")
    seen_at = models.DateTimeField("最後に使った日時", db_index=True)

    class Meta:
        verbose_name = "サインインしている端末"
        verbose_name_plural = "サインインしている端末"
        ordering = ["-seen_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.user} {self.started_at:%Y-%m-%d %H:%M}"


class SignInEntry(models.Model):
    """One try to sign in. What was typed is never kept: an unknown name may be a password in the wrong field."""

    at = models.DateTimeField("日時", db_index=True)
    user = models.ForeignKey(
        User,
        verbose_name="利用者",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="sign_in_entries",
    )
    way = models.CharField("方法", max_length=20, choices=Way)
    provider = models.CharField("認証基盤", max_length=50, blank=True)
    factor = models.CharField("二要素", max_length=20, choices=Factor, blank=True)
    outcome = models.CharField("結果", max_length=20, choices=Outcome)
    address = models.CharField("アドレス", max_length=45, blank=True)
    user_agent = models.CharField("ブラウザーの名乗り", max_length=300, blank=True)

    class Meta:
        verbose_name = "サインインの記録"
        verbose_name_plural = "サインインの記録"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.get_outcome_display()}"
