"""Database triggers, on both databases: an edition refuses change and removal."""

TABLE = "karte_edition"
MESSAGE = "an edition of a karte never changes"

_SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
BEGIN SELECT RAISE(ABORT, '{message}'); END
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{message}'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_refuse()
"""


def install_statements(vendor: str) -> list[str]:
    """The SQL that installs the triggers on ``sqlite`` or ``postgresql``."""
    statements = [_FUNCTION.format(table=TABLE, message=MESSAGE)] if vendor == "postgresql" else []
    template = _POSTGRESQL if vendor == "postgresql" else _SQLITE
    return statements + [
        template.format(table=TABLE, verb=verb, VERB=verb.upper(), message=MESSAGE)
        for verb in ("update", "delete")
    ]


def remove_statements(vendor: str) -> list[str]:
    """The SQL that removes them again (migrating backwards, and emptying a test database)."""
    on = f" ON {TABLE}" if vendor == "postgresql" else ""
    return [f"DROP TRIGGER IF EXISTS {TABLE}_no_{verb}{on}" for verb in ("update", "delete")]
