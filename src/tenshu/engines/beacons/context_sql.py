"""What is known beside the flows: requests, signatures, alerts, services, prevalence, first sight; as SQL."""

from dataclasses import dataclass

from tenshu.engines.beacons.dialects import Dialect
from tenshu.engines.beacons.rows import CONTEXT_COLUMNS, SCORED, select_list

MIN_SIGNING_HOSTS = 10
"""Below this many hosts with a signature, a signature of one host is nothing rare."""
INTERNAL_SERVICES = {53: "dns", 88: "kerberos", 123: "ntp", 135: "rpc", 137: "netbios", 138: "netbios",
                     139: "netbios", 389: "ldap", 445: "smb", 464: "kerberos", 636: "ldaps"}  # fmt: skip
HOUR_US = 3_600_000_000


def signatures(column: str, window: str) -> str:
    """Client signatures that one host alone uses in the window."""
    host = "concat(network, '/', src)"
    return f"""SELECT {column} AS signature FROM names WHERE {window} AND {column} IS NOT NULL
GROUP BY {column} HAVING min({host}) = max({host})"""


def signing_hosts(column: str, window: str) -> str:
    """How many hosts show a signature at all."""
    host = "concat(network, '/', src)"
    return f"SELECT count(DISTINCT {host}) AS hosts FROM names WHERE {window} AND {column} IS NOT NULL"


def requests_by_pair(window: str) -> str:
    """Requests without Host, false file types, rare signatures and listed JA3 of each pair."""
    return f"""SELECT n.network, n.src, CASE WHEN fqdn IS NULL THEN 'ip' ELSE 'name' END AS kind,
    coalesce(fqdn, dst) AS target, count(*) FILTER (WHERE missing_host) AS missing_host,
    count(*) FILTER (WHERE mime_mismatch) AS mime_mismatch, min(a.signature) AS rare_user_agent,
    min(j.signature) AS rare_ja3, min(l.hits) AS ja3_hits
FROM names n LEFT JOIN rare_user_agents a ON n.user_agent = a.signature
    LEFT JOIN rare_ja3s j ON n.ja3 = j.signature LEFT JOIN listed_ja3s l ON n.ja3 = l.signature
WHERE {window}
GROUP BY n.network, n.src, CASE WHEN fqdn IS NULL THEN 'ip' ELSE 'name' END, coalesce(fqdn, dst)"""


def alerts_by_pair(window: str) -> str:
    """Alerts between two addresses, whichever side the detector names first."""
    both = f"""SELECT network, src AS one, dst AS other FROM alerts WHERE {window}
UNION ALL SELECT network, dst AS one, src AS other FROM alerts WHERE {window}"""
    return f"SELECT network, one, other, count(*) AS alerts FROM ({both}) GROUP BY network, one, other"


def directed(*, names: bool) -> str:
    """Pairs with their direction, their outer and inner end, and the indicators of the outer end.

    `names`: some targets are host names; else every target is its own address and is looked up once.
    """
    target_hits, target_join = "t.hits", ""
    if names:
        target_hits, target_join = "n.hits", "LEFT JOIN endpoints n ON p.target = n.endpoint"
    inner = "(CASE WHEN t.proxy THEN false ELSE coalesce(t.internal, false) END)"
    services = " ".join(f"WHEN port_low = {port} THEN '{name}'" for port, name in INTERNAL_SERVICES.items())
    return f"""
SELECT *, CASE WHEN direction = 'inbound' THEN src ELSE target END AS external,
    CASE WHEN direction = 'inbound' THEN address WHEN direction <> 'transit' THEN src END AS inside,
    CASE WHEN direction = 'inbound' THEN src_hits ELSE coalesce(target_hits, address_hits) END AS indicators,
    CASE WHEN plain_ntp = 1 THEN 'ntp' WHEN direction = 'internal' AND port_low = port_high THEN
        CASE {services} END END AS known_service
FROM (SELECT p.*, s.hits AS src_hits, t.hits AS address_hits, {target_hits} AS target_hits,
    CASE WHEN t.multicast THEN 'internal' WHEN s.internal AND NOT {inner} THEN 'outbound' WHEN NOT
    s.internal AND {inner} THEN 'inbound'
        WHEN s.internal THEN 'internal' ELSE 'transit' END AS direction
FROM pairs p JOIN endpoints s ON p.src = s.endpoint LEFT JOIN endpoints t ON p.address = t.endpoint
    {target_join})"""


@dataclass(frozen=True)
class Tile:
    """Whether a tile has requests and alerts to join."""

    requests: bool
    alerts: bool


def with_context(d: Dialect, scored: str, tile: Tile) -> str:
    """Rows of SCORED from a scored statement; pairs that show nothing are left out."""
    values = {column: f"p.{column}" for column in SCORED if column not in CONTEXT_COLUMNS}
    joins, conditions = (
        "",
        ["beacon IS NOT NULL", f"duration_us >= {HOUR_US}", "strobe", "open_connections > 0"],
    )
    if tile.requests:
        joins += (
            " LEFT JOIN requests r ON p.network = r.network AND p.src = r.src AND p.kind = r.kind"
            " AND p.target = r.target"
        )
        values |= {
            name: f"r.{name}" for name in ("missing_host", "mime_mismatch", "rare_user_agent", "rare_ja3")
        }
        values["indicators"] = "coalesce(p.indicators, r.ja3_hits)"
        conditions.append("r.ja3_hits IS NOT NULL")
    if tile.alerts:
        joins += " LEFT JOIN pair_alerts a ON p.network = a.network AND p.src = a.one AND p.address = a.other"
        values["alerts"] = "a.alerts"
        conditions.append("a.alerts > 0")
    conditions.append("p.indicators IS NOT NULL")
    return f"SELECT {select_list(values, d.name)} FROM ({scored}) p{joins} WHERE {' OR '.join(conditions)}"


def with_reach(hosts: int) -> str:
    """Scored rows with how many inner hosts reach the same outer end, and when it was first seen."""
    share = f"CAST({{}} AS DOUBLE) / {max(1, hosts)}"
    return f"""
SELECT p.*, r.hosts AS hosts_network, o.hosts AS hosts_organisation,
    CAST(r.hosts AS DOUBLE) / nullif(h.hosts, 0) AS prevalence_network,
    {share.format("o.hosts")} AS prevalence,
    f.first_us AS first_seen_network_us, g.first_us AS first_seen_us
FROM scored p
    LEFT JOIN reach r ON p.network = r.network AND p.external = r.external
    LEFT JOIN (SELECT external, sum(hosts) AS hosts FROM reach GROUP BY external) o ON p.external = o.external
    LEFT JOIN (SELECT network, count(*) AS hosts FROM hosts GROUP BY network) h ON p.network = h.network
    LEFT JOIN first_seen f ON p.network = f.network AND p.external = f.endpoint
    LEFT JOIN (SELECT endpoint, min(first_us) AS first_us FROM first_seen GROUP BY endpoint) g
        ON p.external = g.endpoint"""
