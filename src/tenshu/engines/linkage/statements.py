"""The joins of the inspection, one SQL text for DuckDB and Spark.

Only equality of integers, CASE, UNION and GROUP BY are used, so both engines give the same rows;
everything that looks into text happens afterwards in `scoring`, which is shared. Absent items are null
and therefore join nothing.
"""

from tenshu.engines.linkage.policy import Items, Policy

#: What scoring needs of each side.
COMPARED = ("name", "name_h", "alias", "kana", "kana_h", "dob_parts", "sex", "town_h", "addr_h")

#: Keys of the owner search: a person equal to the row in both columns is a candidate.
OWNER_KEYS = (
    ("kana_h", "dob"),
    ("name_h", "dob"),
    ("name_h", "addr_h"),
    ("kana_h", "addr_h"),
    ("dob", "addr_h"),
)


def _agreement(items: Items) -> str:
    """Condition of class A: every demanded item present and equal, none in conflict.

    The reading stands in only where the written name is absent or has an unprintable character: equal
    readings of different characters are what an eye must see.
    """
    same = {
        "name": "coalesce(r.name_h = p.name_h, r.kana_h = p.kana_h, false)",
        "dob": "coalesce(r.dob = p.dob, false)",
        "sex": "coalesce(r.sex = p.sex, false)",
        "addr": "coalesce(r.addr_h = p.addr_h, false)",
    }
    absent = {
        "name": "(r.name_h IS NULL AND r.kana_h IS NULL)",
        "dob": "r.dob_parts IS NULL",
        "sex": "(r.sex IS NULL OR p.sex IS NULL)",
        "addr": "r.town_h IS NULL",
    }
    conditions = []
    for item, demand in (("name", items.name), ("dob", items.dob), ("sex", items.sex), ("addr", items.addr)):
        if demand == "required":
            conditions.append(same[item])
        elif demand == "optional":
            conditions.append(f"({same[item]} OR {absent[item]})")
    return " AND ".join(conditions)


def claims(policy: Policy) -> str:
    """Each linked row with the person of its number: row, person, matches (class A), score in hundredths."""
    weights, items = policy.weights, policy.items
    score = [
        f"CASE WHEN r.name_h = p.name_h THEN {weights.name_equal} "
        f"WHEN r.kana_h = p.kana_h THEN {weights.name_kana} ELSE 0 END"
    ]
    for item, column, weight in (
        (items.dob, "dob", weights.dob_equal),
        (items.sex, "sex", weights.sex_equal),
        (items.addr, "addr_h", weights.addr_equal),
    ):
        if item != "absent":
            score.append(f"CASE WHEN r.{column} = p.{column} THEN {weight} ELSE 0 END")
    return (
        f"SELECT r.row, p.person, {_agreement(items)} AS matches, {' + '.join(score)} AS score "
        "FROM register r JOIN residents p ON r.token = p.token"
    )


SUSPECTS = """
SELECT r.row, r.name_h, r.kana_h, r.dob, r.addr_h
FROM register r LEFT JOIN (SELECT row FROM claims WHERE matches) c ON r.row = c.row
WHERE c.row IS NULL
"""


def candidates() -> str:
    """Each suspect row with its claimed person and every person found by an owner key: row, person,
    distinct."""
    searches = [
        "SELECT s.row, p.person FROM suspects s "
        f"JOIN residents p ON s.{first} = p.{first} AND s.{second} = p.{second}"
        for first, second in OWNER_KEYS
    ]
    claimed = "SELECT row, person FROM claims WHERE NOT matches"
    return f"SELECT DISTINCT row, person FROM ({' UNION ALL '.join([*searches, claimed])}) found"


def pairs() -> str:
    """Each candidate with what is compared of both sides (prefixes ``r_`` and ``p_``)."""
    columns = ", ".join(f"{side}.{name} AS {side}_{name}" for side in "rp" for name in COMPARED)
    return (
        f"SELECT c.row, c.person, {columns} "
        "FROM candidates c JOIN register r ON c.row = r.row JOIN residents p ON c.person = p.person"
    )


def _group_marks(key: str, condition: str, kind: str) -> str:
    return (
        f"SELECT r.row, r.{key} AS group_key, '{kind}' AS kind FROM register r JOIN "
        f"(SELECT {key} FROM register WHERE {key} IS NOT NULL GROUP BY {key} HAVING {condition}) g "
        f"ON r.{key} = g.{key}"
    )


#: Rows that share a number, a programme number, or a programme number but for zeros, width and hyphens.
MARKS = " UNION ALL ".join(
    (
        _group_marks("token", "count(*) > 1", "number"),
        _group_marks("pid_h", "count(*) > 1", "pid"),
        _group_marks("pid_key", "count(DISTINCT pid_h) > 1", "collision"),
    )
)
