"""The final score: the strongest evidence of a pair plus what makes it more or less suspicious, as SQL.

Numbers are written with an exponent: both engines take `0.2` for a decimal, which Spark divides with few
digits.
"""

DEGREES = ((0.6, "high"), (0.4, "medium"), (0.2, "low"))
RARE_SHARE, COMMON_SHARE = 0.02, 0.50
NEW_DAYS, OLD_DAYS = 7, 30
DAY_US = 86_400_000_000
LARGE_BYTES = 25_000_000
MODIFIERS = (
    "prevalence_modifier",
    "first_seen_modifier",
    "missing_host_modifier",
    "rare_signature_modifier",
    "mime_modifier",
    "indicator_modifier",
)


def bucketed(value: str, base: float, low: float, medium: float, high: float) -> str:
    """0 below `base`, then 0.2, 0.4, 0.6, 0.8 at the four marks with straight lines between."""
    marks = [(base, low, 0.2), (low, medium, 0.4), (medium, high, 0.6)]
    steps = " ".join(
        f"WHEN {value} < {end}e0 THEN {score}e0 + 2e-1 * ({value} - {start}e0) / {end - start!r}e0"
        for start, end, score in marks
    )
    return f"(CASE WHEN {value} IS NULL OR {value} < {base}e0 THEN 0e0 {steps} ELSE 8e-1 END)"


def with_evidence(source: str) -> str:
    """Adds the score of each kind of evidence, 0 to 0.8; a known service is no beacon, however regular."""
    beacon = f"CASE WHEN known_service IS NULL THEN {bucketed('beacon', 0.5, 0.7, 0.9, 1.0)} ELSE 0e0 END"
    return f"""SELECT *, {beacon} AS beacon_evidence,
    {bucketed("CAST(duration_us AS DOUBLE) / 36e8", 1.0, 4.0, 8.0, 12.0)} AS long_evidence,
    CASE WHEN strobe THEN 8e-1 ELSE 0e0 END AS strobe_evidence,
    CASE WHEN indicators IS NOT NULL THEN 8e-1 ELSE 0e0 END AS indicator_evidence,
    {bucketed("dns_subdomains", 100.0, 500.0, 800.0, 1000.0)} AS dns_evidence
FROM ({source})"""


def with_modifiers(source: str, now_us: int, history_from_us: int) -> str:
    """Adds the modifiers; first sight counts only as far as the store's history reaches back."""
    known_days = (now_us - history_from_us) // DAY_US
    new = f"WHEN {now_us} - first_seen_us <= {NEW_DAYS * DAY_US} THEN 15e-2" if known_days >= NEW_DAYS else ""
    return f"""SELECT *,
    CASE WHEN prevalence IS NULL THEN 0e0 WHEN prevalence <= {RARE_SHARE}e0 THEN 15e-2
        WHEN prevalence >= {COMMON_SHARE}e0 THEN -15e-2 ELSE 0e0 END AS prevalence_modifier,
    CASE WHEN first_seen_us IS NULL THEN 0e0 {new}
        WHEN {now_us} - first_seen_us >= {OLD_DAYS * DAY_US} THEN -15e-2 ELSE 0e0 END AS first_seen_modifier,
    CASE WHEN missing_host > 0 THEN 1e-1 ELSE 0e0 END AS missing_host_modifier,
    CASE WHEN rare_user_agent IS NOT NULL OR rare_ja3 IS NOT NULL OR dns_only THEN 15e-2 ELSE 0e0 END
        AS rare_signature_modifier,
    CASE WHEN mime_mismatch > 0 THEN 15e-2 ELSE 0e0 END AS mime_modifier,
    CASE WHEN indicators IS NOT NULL AND coalesce(bytes_out, 0) + coalesce(bytes_in, 0) >= {LARGE_BYTES}
        THEN 15e-2 ELSE 0e0 END AS indicator_modifier
FROM ({source})"""


def with_final(source: str) -> str:
    """Adds `evidence` (the strongest), `final` and `degree`; without evidence nothing is added up."""
    modifiers = " + ".join(MODIFIERS)
    degrees = " ".join(f"WHEN final >= {mark}e0 THEN '{name}'" for mark, name in DEGREES)
    return f"""SELECT *, CASE {degrees} ELSE 'none' END AS degree FROM (
SELECT *, CASE WHEN evidence > 0 THEN greatest(0e0, evidence + {modifiers}) ELSE 0e0 END AS final
FROM (SELECT *, greatest(beacon_evidence, long_evidence, strobe_evidence, indicator_evidence, dns_evidence)
    AS evidence FROM ({source})))"""
