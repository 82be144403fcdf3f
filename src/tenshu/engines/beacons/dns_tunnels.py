"""C2 over DNS: how many different names below one registrable domain are asked for."""

from functools import cache

import polars as pl
from publicsuffixlist import PublicSuffixList

from tenshu.engines.beacons.databases import Database
from tenshu.engines.beacons.rows import select_list

MIN_SUBDOMAINS = 100


@cache
def suffixes() -> PublicSuffixList:
    """The Public Suffix List that comes with the package (offline)."""
    return PublicSuffixList()


def registrable(name: str) -> str | None:
    """The registrable domain of a name (`a.b.example.co.jp` → `example.co.jp`), None for a suffix itself."""
    domain: str | None = suffixes().privatesuffix(name)
    return domain


def gather_dns_rows(db: Database, window: str, hits: pl.DataFrame) -> None:
    """Adds a row of kind `dns` to `scored` for every domain with at least 100 names or an indicator.

    `hits`: columns name, hits: names that an indicator covers. `dns_only` tells that nobody but those who
    asked connected to an address that was answered (`contacts` holds who connected where).
    """
    asked = f"SELECT DISTINCT query FROM dns WHERE {window} AND query IS NOT NULL"
    names = db.frame(asked)["query"].to_list()
    places = [(name, registrable(name)) for name in names]
    domains = pl.DataFrame(
        [(name, domain) for name, domain in places if domain is not None],
        schema={"query": pl.String, "domain": pl.String},
        orient="row",
    )
    db.table("domain_of", domains)
    db.table("dns_hits", hits)
    db.keep(
        "dns_domains",
        f"""SELECT q.network, m.domain,
    count(DISTINCT CASE WHEN q.query <> m.domain THEN q.query END) AS subdomains,
    count(*) FILTER (WHERE q.asked) AS queries, count(DISTINCT q.src) AS queriers,
    min(q.src) AS first_querier,
    min(q.start_us) AS first_us, max(q.start_us) AS last_us, min(h.hits) AS hits
FROM dns q JOIN domain_of m ON q.query = m.query LEFT JOIN dns_hits h ON q.query = h.name
WHERE {window} GROUP BY q.network, m.domain""",
    )
    db.keep(
        "dns_heavy", f"SELECT * FROM dns_domains WHERE subdomains >= {MIN_SUBDOMAINS} OR hits IS NOT NULL"
    )
    db.keep("dns_visitors", visitors(db, window))
    values = {
        "network": "d.network",
        "kind": "'dns'",
        "direction": "'outbound'",
        "src": "CASE WHEN queriers = 1 THEN first_querier END",
        "target": "d.domain",
        "external": "d.domain",
        "inside": "CASE WHEN queriers = 1 THEN first_querier END",
        "first_us": "first_us",
        "last_us": "last_us",
        "indicators": "d.hits",
        "dns_subdomains": "subdomains",
        "dns_queries": "queries",
        "dns_queriers": "queriers",
        "dns_only": f"subdomains >= {MIN_SUBDOMAINS} AND coalesce(v.visitors, 0) = 0",
    }
    db.gather(
        "scored",
        f"SELECT {select_list(values, db.dialect.name)} FROM dns_heavy d"
        " LEFT JOIN dns_visitors v ON d.network = v.network AND d.domain = v.domain",
    )


def visitors(db: Database, window: str) -> str:
    """How many hosts connected to an answered address without having asked for a name of the domain."""
    answers = f"""SELECT DISTINCT q.network, m.domain, {db.dialect.unfold("q.answers")} AS answer
FROM dns q JOIN domain_of m ON q.query = m.query
    JOIN dns_heavy v ON q.network = v.network AND m.domain = v.domain
WHERE {window}"""
    queriers = f"""SELECT DISTINCT q.network, m.domain, q.src FROM dns q JOIN domain_of m ON q.query = m.query
    JOIN dns_heavy v ON q.network = v.network AND m.domain = v.domain WHERE {window}"""
    return f"""SELECT a.network, a.domain, count(DISTINCT c.inside) AS visitors
FROM ({answers}) a JOIN contacts c ON a.network = c.network AND a.answer = c.address
    LEFT JOIN ({queriers}) q ON a.network = q.network AND a.domain = q.domain AND c.inside = q.src
WHERE q.src IS NULL GROUP BY a.network, a.domain"""
