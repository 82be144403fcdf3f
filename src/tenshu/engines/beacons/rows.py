"""The columns of a score row, in order, with their SQL types."""

import polars as pl

PAIR_COLUMNS = {
    "network": "STRING",
    "kind": "STRING",  # ip: (source, address); name: (source, host name); dns: a domain and who asks for it
    "direction": "STRING",
    "src": "STRING",
    "target": "STRING",
    "address": "STRING",
    "inside": "STRING",
    "external": "STRING",
    "connections": "BIGINT",
    "failed_connections": "BIGINT",
    "open_connections": "BIGINT",
    "bytes_out": "BIGINT",
    "bytes_in": "BIGINT",
    "duration_us": "BIGINT",
    "longest_us": "BIGINT",
    "first_us": "BIGINT",
    "last_us": "BIGINT",
    "port_low": "INT",
    "port_high": "INT",
    "proto": "STRING",
    "known_service": "STRING",
    "indicators": "STRING",
}
"""What `formulas.scored` passes through unchanged."""

SCORE_COLUMNS = {
    "strobe": "BOOLEAN",
    "times": "INT",  # connections that the score is computed from
    "beacon": "DOUBLE",
    "ts_score": "DOUBLE",
    "ds_score": "DOUBLE",
    "hist_score": "DOUBLE",
    "dur_score": "DOUBLE",
    "interval_median": "DOUBLE",
    "interval_mad": "DOUBLE",
    "size_median": "DOUBLE",
    "size_mad": "DOUBLE",
    "hourly": "ARRAY<INT>",
    "intervals": "ARRAY<INT>",
}

CONTEXT_COLUMNS = {
    "missing_host": "BIGINT",
    "mime_mismatch": "BIGINT",
    "rare_user_agent": "STRING",
    "rare_ja3": "STRING",
    "alerts": "BIGINT",
    "dns_subdomains": "BIGINT",
    "dns_queries": "BIGINT",
    "dns_queriers": "BIGINT",
    "dns_only": "BOOLEAN",
}

SCORED = {**PAIR_COLUMNS, **SCORE_COLUMNS, **CONTEXT_COLUMNS}

REACH_COLUMNS = {
    "hosts_network": "BIGINT",  # inner hosts of the network that reach the same outer end
    "hosts_organisation": "BIGINT",
    "prevalence_network": "DOUBLE",
    "prevalence": "DOUBLE",
    "first_seen_network_us": "BIGINT",
    "first_seen_us": "BIGINT",
}

EVIDENCE_COLUMNS = dict.fromkeys(
    (
        "beacon_evidence",
        "long_evidence",
        "strobe_evidence",
        "indicator_evidence",
        "dns_evidence",
        "prevalence_modifier",
        "first_seen_modifier",
        "missing_host_modifier",
        "rare_signature_modifier",
        "mime_modifier",
        "indicator_modifier",
        "evidence",
        "final",
    ),
    "DOUBLE",
)

FINAL = {**SCORED, **REACH_COLUMNS, **EVIDENCE_COLUMNS, "degree": "STRING"}
"""Every column of a score file except those of the register of expected destinations."""

DUCK_NAMES = {"STRING": "VARCHAR", "ARRAY<INT>": "INTEGER[]"}


def typed_null(column: str, dialect: str) -> str:
    """An empty value of a column."""
    kind = SCORED[column]
    return f"CAST(NULL AS {DUCK_NAMES.get(kind, kind) if dialect == 'duckdb' else kind})"


def select_list(values: dict[str, str], dialect: str) -> str:
    """All columns of SCORED, from `values` or empty."""
    items = []
    for column, kind in SCORED.items():
        sql = DUCK_NAMES.get(kind, kind) if dialect == "duckdb" else kind
        expression = values.get(column)
        items.append(
            f"{typed_null(column, dialect)} AS {column}"
            if expression is None
            else f"CAST({expression} AS {sql}) AS {column}"
        )
    return ", ".join(items)


def final_list(dialect: str) -> str:
    """All columns of FINAL, cast to their types (the engines give literals different ones)."""
    return ", ".join(
        f"CAST({column} AS {DUCK_NAMES.get(kind, kind) if dialect == 'duckdb' else kind}) AS {column}"
        for column, kind in FINAL.items()
    )


def unscored_types(dialect: str) -> dict[str, str]:
    """The columns that a pair without score leaves empty, with the engine's types."""
    return {
        column: DUCK_NAMES.get(kind, kind) if dialect == "duckdb" else kind
        for column, kind in SCORE_COLUMNS.items()
        if column not in ("strobe", "times")
    }


POLARS_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "STRING": pl.String,
    "BIGINT": pl.Int64,
    "INT": pl.Int32,
    "BOOLEAN": pl.Boolean,
    "DOUBLE": pl.Float64,
    "ARRAY<INT>": pl.List(pl.Int32),
}


def no_rows() -> pl.DataFrame:
    """A score table without rows."""
    return pl.DataFrame(schema={column: POLARS_TYPES[kind] for column, kind in FINAL.items()})
