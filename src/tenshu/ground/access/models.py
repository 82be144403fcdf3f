"""Accounts (利用者) and granted roles."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from tenshu.ground.access.roles import Role
from tenshu.ground.office.models import Staff
from tenshu.ground.periods import Dated, DatedQuerySet


class UserManager(BaseUserManager["User"]):
    """Looks accounts up by their sign-in name."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(login_name=username)


class User(AbstractBaseUser):
    """An account (利用者). Belongs to a member of staff, or to an outside auditor, or to the product itself."""

    login_name = models.CharField("利用者名", max_length=100, unique=True)
    display_name = models.CharField("表示名", max_length=200)
    staff = models.OneToOneField(
        Staff, verbose_name="職員", null=True, blank=True, on_delete=models.PROTECT, related_name="account"
    )
    is_active = models.BooleanField("有効", default=True)
    is_machine = models.BooleanField("製品の自動処理", default=False)
    must_change_password = models.BooleanField("次のサインインで変更", default=False)
    failed_signins = models.PositiveIntegerField("続けて失敗した回数", default=0)
    locked_until = models.DateTimeField("ロックの終わり", null=True, blank=True)
    created_at = models.DateTimeField("登録日時", auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "login_name"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = "利用者"
        verbose_name_plural = "利用者"
        ordering = ["login_name"]

    def __str__(self) -> str:
        return self.display_name


class RoleGrant(Dated):
    """A role given by hand (役割の付与): executives, the security group beyond its unit, auditors until a date."""

    user = models.ForeignKey(User, verbose_name="利用者", on_delete=models.PROTECT, related_name="grants")
    role = models.CharField("役割", max_length=20, choices=Role)
    reason = models.CharField("理由", max_length=300, blank=True)

    objects = DatedQuerySet["RoleGrant"].as_manager()

    class Meta(Dated.Meta):
        verbose_name = "役割の付与"
        verbose_name_plural = "役割の付与"

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"
