"""From flows to pairs: statements that name the destination, join what exporters cut, and sum up per pair."""

from dataclasses import dataclass

from tenshu.engines.beacons.dialects import Dialect
from tenshu.engines.beacons.formulas import Window

PIECE_GAP_US = 5_000_000
"""Rows of one 5-tuple closer than this are one connection that an exporter's timeout cut."""
NTP_BYTES = 76
"""IP length of a plain NTP packet: 20 + 8 + 48."""
MIX = "network, proto, src, src_port, dst, dst_port"


@dataclass(frozen=True)
class Presence:
    """Which kinds of rows a tile has; branches for absent kinds are left out of the statements."""

    names: bool
    known_names: bool
    open: bool
    pieces: bool


FLOW_COLUMNS = "network, src, dst, dst_port, proto, uid, fqdn, failed, start_us, duration_us, bytes_out, bytes_in, packets_out"


def in_window(window: Window) -> str:
    """Condition: the row starts in the hours that are read."""
    return f"start_us >= {window.read_from * 1_000_000} AND start_us < {(window.end + 1) * 1_000_000}"


def flows_view(window: Window, presence: Presence) -> str:
    """Flows of the window, exporters' pieces joined."""
    columns = FLOW_COLUMNS
    if not presence.pieces:
        return f"SELECT {columns} FROM flows WHERE {in_window(window)}"
    ended = "start_us + coalesce(duration_us, 0)"
    before = f"(PARTITION BY {MIX} ORDER BY start_us ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)"
    until = f"(PARTITION BY {MIX} ORDER BY start_us ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)"
    return f"""
SELECT {columns} FROM flows WHERE {in_window(window)} AND NOT piece
UNION ALL
SELECT network, src, dst, dst_port, proto, min(uid) AS uid, min(fqdn) AS fqdn, min(failed) AS failed,
    min(start_us) AS start_us, max({ended}) - min(start_us) AS duration_us,
    CAST(sum(bytes_out) AS BIGINT) AS bytes_out, CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
    CAST(sum(packets_out) AS BIGINT) AS packets_out
FROM (SELECT *, sum(begins) OVER {until} AS section
    FROM (SELECT *, CASE WHEN start_us <= reached + {PIECE_GAP_US} THEN 0 ELSE 1 END AS begins
        FROM (SELECT *, max({ended}) OVER {before} AS reached FROM flows
            WHERE {in_window(window)} AND piece)))
GROUP BY {MIX}, section"""


def connections_view(d: Dialect, window: Window, presence: Presence) -> str:
    """One row a connection under its pair: (source, name) where a name is known, else (source, address).

    `state`: 0 finished, 1 failed, 2 still open at the last look.
    """
    # A connection that a name explains leaves the address side, so it is never counted twice.
    second = f"CAST({d.div('start_us', '1000000')} - {window.start} AS INT)"
    rest = (
        f"dst_port, proto, {second} AS sec, start_us, duration_us, bytes_out, bytes_in, packets_out,"
        " coalesce(bytes_out, bytes_in) AS size, CASE WHEN failed THEN 1 ELSE 0 END AS state"
    )
    by_address = (
        f"SELECT f.network, 'ip' AS kind, src, dst AS target, dst AS address, {rest} FROM window_flows f"
    )
    branches = []
    if presence.names:
        by_address += " LEFT JOIN named n ON f.network = n.network AND f.uid = n.named_uid"
        branches.append(
            f"SELECT f.network, 'name' AS kind, src, n.name AS target, dst AS address, {rest}"
            " FROM window_flows f JOIN named n ON f.network = n.network AND f.uid = n.named_uid"
        )
    conditions = ["dst IS NOT NULL"]
    if presence.names:
        conditions.append("n.named_uid IS NULL")
    if presence.known_names:
        conditions.append("fqdn IS NULL")
        branches.append(
            f"SELECT f.network, 'name' AS kind, src, fqdn AS target, dst AS address, {rest}"
            " FROM window_flows f WHERE fqdn IS NOT NULL"
        )
    branches.append(f"{by_address} WHERE {' AND '.join(conditions)}")
    if presence.open:
        branches.append(open_branch(d, window))
    return "\nUNION ALL\n".join(branches)


def open_branch(d: Dialect, window: Window) -> str:
    """Connections still open: the longest sight of each, unless its end was logged too."""
    return f"""SELECT o.network, 'ip' AS kind, o.src, o.dst AS target, o.dst AS address, o.dst_port, o.proto,
    CAST(0 AS INT) AS sec, o.start_us, o.duration_us, o.bytes_out, o.bytes_in, o.packets_out,
    o.bytes_out AS size, 2 AS state
FROM (SELECT network, src, dst, min(dst_port) AS dst_port, min(proto) AS proto, uid,
        min(start_us) AS start_us,
        max(duration_us) AS duration_us, max(bytes_out) AS bytes_out, max(bytes_in) AS bytes_in,
        max(packets_out) AS packets_out FROM open_flows GROUP BY network, src, dst, uid) o
    LEFT JOIN (SELECT DISTINCT network, uid FROM flows WHERE uid IS NOT NULL) c
        ON o.network = c.network AND o.uid = c.uid
WHERE c.uid IS NULL AND o.start_us < {(window.end + 1) * 1_000_000}"""


def named_view() -> str:
    """The name of each connection that has one: one row a (connection, name)."""
    return (
        "SELECT DISTINCT network, uid AS named_uid, fqdn AS name FROM names"
        " WHERE uid IS NOT NULL AND fqdn IS NOT NULL"
    )


def pairs_statement(d: Dialect, presence: Presence, part: str) -> str:
    """One row a pair: what was counted, and the lists that the score is computed from."""
    good = "state = 0"
    # Every aggregate costs on each of millions of rows, so those that cannot differ are left out.
    address = "min(address)" if presence.names or presence.known_names else "target"
    finished, still = "count(*)", "CAST(0 AS BIGINT)"
    if presence.open:
        finished, still = "count(*) FILTER (WHERE state < 2)", "count(*) FILTER (WHERE state = 2)"
    ntp = f"proto = 'udp' AND dst_port = 123 AND bytes_out = {NTP_BYTES} * packets_out"
    return f"""
SELECT network, kind, src, target, {address} AS address,
    {finished} AS connections,
    count(*) FILTER (WHERE state = 1) AS failed_connections,
    {still} AS open_connections,
    CAST(sum(bytes_out) AS BIGINT) AS bytes_out, CAST(sum(bytes_in) AS BIGINT) AS bytes_in,
    CAST(sum(duration_us) AS BIGINT) AS duration_us, CAST(max(duration_us) AS BIGINT) AS longest_us,
    min(start_us) AS first_us, max(start_us) AS last_us,
    min(dst_port) AS port_low, max(dst_port) AS port_high, min(proto) AS proto,
    min(CASE WHEN {ntp} THEN 1 ELSE 0 END) AS plain_ntp,
    {d.collect("sec", good)} AS secs, {d.collect("size", good)} AS sizes
FROM connections {part}
GROUP BY network, kind, src, target"""
