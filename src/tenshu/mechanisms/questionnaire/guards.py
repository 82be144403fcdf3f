"""Database triggers, on both databases: a published version and its questions refuse change and removal."""

VERSION = "questionnaire_questionnaireversion"
QUESTION = "questionnaire_question"
ANCESTRY = "questionnaire_questionancestry"
MESSAGE = "a published questionnaire version never changes"

_PUBLISHED = {
    VERSION: "OLD.state = 'published'",
    QUESTION: f"EXISTS (SELECT 1 FROM {VERSION} v WHERE v.id = OLD.version_id AND v.state = 'published')",
    ANCESTRY: (
        f"EXISTS (SELECT 1 FROM {VERSION} v JOIN {QUESTION} q ON q.version_id = v.id "
        "WHERE q.id = OLD.question_id AND v.state = 'published')"
    ),
}
_SQLITE = """
CREATE TRIGGER {table}_published_no_{verb} BEFORE {VERB} ON {table} WHEN {published}
BEGIN SELECT RAISE(ABORT, '{message}'); END
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {published} THEN RAISE EXCEPTION '{message}'; END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_published_no_{verb} BEFORE {VERB} ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_refuse()
"""


def install_statements(vendor: str) -> list[str]:
    """The SQL that installs the triggers on ``sqlite`` or ``postgresql``."""
    statements = []
    for table, published in _PUBLISHED.items():
        if vendor == "postgresql":
            statements.append(_FUNCTION.format(table=table, published=published, message=MESSAGE))
        for verb in ("update", "delete"):
            template = _POSTGRESQL if vendor == "postgresql" else _SQLITE
            statements.append(
                template.format(
                    table=table, verb=verb, VERB=verb.upper(), published=published, message=MESSAGE
                )
            )
    return statements


def remove_statements(vendor: str) -> list[str]:
    """The SQL that removes them again (migrating backwards, and emptying a test database)."""
    on = " ON {table}" if vendor == "postgresql" else ""
    return [
        f"DROP TRIGGER IF EXISTS {table}_published_no_{verb}" + on.format(table=table)
        for table in _PUBLISHED
        for verb in ("update", "delete")
    ]
