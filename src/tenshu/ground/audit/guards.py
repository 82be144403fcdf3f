"""Database triggers, on both databases: the record refuses changes, and a new row is put down to be sealed."""

TABLES = ("audit_auditrow", "audit_seal")

_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, 'audit rows are append-only'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit rows are append-only'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
FOR EACH ROW EXECUTE FUNCTION audit_refuse()
"""


def install_statements(vendor: str) -> list[str]:
    """The SQL that installs the triggers on ``sqlite`` or ``postgresql``."""
    template = _POSTGRESQL if vendor == "postgresql" else _SQLITE
    statements = [_POSTGRESQL_FUNCTION] if vendor == "postgresql" else []
    for table in TABLES:
        statements += [
            template.format(table=table, verb=verb, VERB=verb.upper()) for verb in ("update", "delete")
        ]
    return statements


def remove_statements(vendor: str) -> list[str]:
    """The SQL that removes them again (migrating backwards, and emptying a test database)."""
    on = " ON {table}" if vendor == "postgresql" else ""
    return [
        f"DROP TRIGGER IF EXISTS {table}_no_{verb}" + on.format(table=table)
        for table in TABLES
        for verb in ("update", "delete")
    ]


_SQLITE_PENDING = """
CREATE TRIGGER audit_auditrow_pending AFTER INSERT ON audit_auditrow
BEGIN INSERT INTO audit_pendingrow (row_id) VALUES (NEW.id); END
"""
_POSTGRESQL_PENDING = (
    """
CREATE OR REPLACE FUNCTION audit_put_down() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit_pendingrow (row_id) SELECT id FROM added; RETURN NULL; END $$
""",
    """
CREATE TRIGGER audit_auditrow_pending AFTER INSERT ON audit_auditrow
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit_put_down()
""",
)


def pending_statements(vendor: str) -> list[str]:
    """The SQL that installs the trigger by which every new row waits for its seal."""
    return list(_POSTGRESQL_PENDING) if vendor == "postgresql" else [_SQLITE_PENDING]


def remove_pending_statements(vendor: str) -> list[str]:
    """The SQL that removes it again."""
    on = " ON audit_auditrow" if vendor == "postgresql" else ""
    return [f"DROP TRIGGER IF EXISTS audit_auditrow_pending{on}"]
