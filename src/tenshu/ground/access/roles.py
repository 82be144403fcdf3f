"""The roles of the house (役割)."""

from django.db import models


class Role(models.TextChoices):
    """Who a person is to the house. One person may hold several."""

    SECRETARIAT = "secretariat", "事務局"
    SECURITY = "security", "監理グループ"
    EXECUTIVE = "executive", "CISO・幹部"
    HEAD = "head", "所属長"
    OFFICER = "officer", "担当者"
    STAFF = "staff", "職員"
    AUDITOR = "auditor", "外部監査人"


EVERYONE = frozenset(Role)
STAFF_AND_ABOVE = EVERYONE - {Role.AUDITOR}
READERS = frozenset({Role.SECRETARIAT, Role.SECURITY, Role.EXECUTIVE})
"""Those who see the whole office."""
EDITORS = frozenset({Role.SECRETARIAT})
DIVISION = frozenset({Role.HEAD, Role.OFFICER})
