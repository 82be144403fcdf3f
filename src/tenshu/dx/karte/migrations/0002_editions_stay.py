from django.db import migrations

from tenshu.dx.karte.guards import install_statements, remove_statements


def install(apps, schema_editor):
    for statement in install_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps, schema_editor):
    for statement in remove_statements(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("karte", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
