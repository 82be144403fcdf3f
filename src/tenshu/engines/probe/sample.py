"""One sample: what a prober saw at one moment, with the prober's own state beside it."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import NamedTuple

from tenshu.engines.probe.certificate import Certificate

OUTCOMES = {
    "ok": "最後まで受信した",
    "refused_url": "URLが対象外（http・https以外、認証情報つき、形式の誤りなど）",
    "refused_address": "宛先アドレスが公開アドレスでなく、計画でも許可されていない",
    "dns_error": "名前解決の失敗",
    "dns_timeout": "名前解決の時間切れ",
    "connect_error": "接続の失敗",
    "connect_timeout": "接続の時間切れ",
    "tls_error": "TLSハンドシェイクの失敗",
    "tls_untrusted": "証明書を信頼できない（期限切れ・名前の不一致・発行者不明など）",
    "tls_timeout": "TLSハンドシェイクの時間切れ",
    "first_byte_timeout": "応答開始までの時間切れ",
    "transfer_timeout": "受信の時間切れ",
    "slow_body": "受信が遅すぎるため打ち切り",
    "body_too_large": "本文が上限を超えたため打ち切り",
    "expands_too_much": "圧縮の展開率が上限を超えたため打ち切り",
    "http_error": "HTTPとして受信できない",
    "too_many_redirects": "転送の回数が上限を超えた",
    "redirect_loop": "転送が循環している",
}
NETWORK_OUTCOMES = frozenset(
    {"dns_error", "dns_timeout", "connect_error", "connect_timeout", "tls_error", "tls_timeout"}
    | {"first_byte_timeout", "transfer_timeout", "slow_body", "http_error"}
)
"""Outcomes that a fault of the own network can produce."""


class Redirect(NamedTuple):
    """A hop that was followed: where from, with which status, to where, and how long it took in ms."""

    url: str
    status: int
    location: str
    address: str
    total_ms: float


@dataclass(slots=True)
class Sample:
    """One check of one target. Times of day are epoch seconds (UTC), durations milliseconds.

    The five phases are sums over all hops and add up to total_ms; a phase that was not reached is NaN and the
    phase in which a check failed holds the time spent in it. `sha256` is that of the decoded body, in hex;
    on a 304 it repeats the known one. `chain` and `tls_version` are as of chain_read_at (see
    Pace.chain_s); days_left counts from started_at to the end of the leaf. `reliable` is False when the
    prober itself was too slow to be believed (lag_ms, canary_ms) or when the own line was down (`our_side`).
    """

    target: str
    url: str
    scheduled_at: float
    started_at: float = 0.0
    late_ms: float = 0.0
    outcome: str = ""
    detail: str = ""
    status: int = 0
    dns_ms: float = math.nan
    connect_ms: float = math.nan
    tls_ms: float = math.nan
    first_byte_ms: float = math.nan
    transfer_ms: float = math.nan
    total_ms: float = 0.0
    final_url: str = ""
    redirects: tuple[Redirect, ...] = ()
    address: str = ""
    addresses: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    dns_ttl_s: int = 0
    dns_server: str = ""
    protocol: str = ""
    tls_version: str = ""
    chain: tuple[Certificate, ...] = ()
    chain_read_at: float = math.nan
    days_left: float = math.nan
    size_bytes: int = 0
    wire_bytes: int = 0
    sha256: str = ""
    not_modified: bool = False
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    in_flight: int = 0
    lag_ms: float = 0.0
    canary_ms: float = math.nan
    reference_ms: float = math.nan
    late: bool = False
    our_side: bool = False
    reliable: bool = True

    def as_dict(self) -> dict[str, object]:
        """JSON object by column name: times as ISO 8601 UTC, NaN as null, certificates and hops as
        objects.
        """
        shown: dict[str, object] = dict(zip(COLUMNS, row_of(self), strict=True))
        for name, value in shown.items():
            if isinstance(value, float):
                shown[name] = None if math.isnan(value) else round(value, 3)
        for name in ("scheduled_at", "started_at", "chain_read_at"):
            moment: float = getattr(self, name)
            shown[name] = None if math.isnan(moment) else _iso(moment)
        shown["chain"] = [
            item._asdict() | {"not_before": _iso(item.not_before), "not_after": _iso(item.not_after)}
            for item in self.chain
        ]
        shown["redirects"] = [hop._asdict() for hop in self.redirects]
        return shown


COLUMNS = tuple(column.name for column in fields(Sample))
row_of = attrgetter(*COLUMNS)
"""The values of a sample in the order of COLUMNS, all of JSON types (tuples as arrays, NaN as NaN)."""


def _iso(moment: float) -> str:
    return dt.datetime.fromtimestamp(moment, dt.UTC).isoformat()
