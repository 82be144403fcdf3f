import django.db.models.deletion
from django.db import migrations, models

from tenshu.ground.audit.guards import pending_statements, remove_pending_statements

UNSEALED = """
INSERT INTO audit_pendingrow (row_id)
SELECT id FROM audit_auditrow WHERE NOT EXISTS (SELECT 1 FROM audit_seal WHERE audit_seal.row_uid = audit_auditrow.uid)
"""


def install(apps, schema_editor):
    for statement in pending_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in remove_pending_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [
        migrations.CreateModel(
            name="PendingRow",
            fields=[
                (
                    "row",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="audit.auditrow",
                        verbose_name="監査記録",
                    ),
                ),
            ],
            options={"verbose_name": "封印待ち", "verbose_name_plural": "封印待ち"},
        ),
        migrations.RunSQL(UNSEALED, migrations.RunSQL.noop),
        migrations.RunPython(install, remove),
    ]
