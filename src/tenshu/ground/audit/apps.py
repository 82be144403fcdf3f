from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "tenshu.ground.audit"
    label = "audit"
    verbose_name = "監査記録"
