"""One check: resolve, judge the address, fetch, follow redirects, and end as a sample."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from tenshu.engines.probe.addresses import AddressGate
from tenshu.engines.probe.certificate import Certificate, CertificateError, read_chain
from tenshu.engines.probe.names import Resolution, Resolver
from tenshu.engines.probe.plan import Target
from tenshu.engines.probe.reply import Reply, Request
from tenshu.engines.probe.sample import Redirect, Sample
from tenshu.engines.probe.settings import Settings
from tenshu.engines.probe.transfer import Transfers
from tenshu.engines.probe.web_address import UrlError, WebAddress, join_location, read_url

_HANDSHAKE_FAILURES = frozenset({"tls_error", "tls_untrusted"})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(slots=True)
class Memory:
    """What the last complete check of a target left for a conditional request."""

    etag: str = ""
    last_modified: str = ""
    sha256: str = ""
    size_bytes: int = 0


class KnownChain(NamedTuple):
    """A chain as it was read, and when (epoch seconds)."""

    chain: tuple[Certificate, ...]
    tls_version: str
    read_at: float


@dataclass(frozen=True, slots=True)
class Stage:
    """What checks share: the resolver, the transfers, the gate, the settings, and chains by (host, port,
    address).
    """

    settings: Settings
    resolver: Resolver
    transfers: Transfers
    gate: AddressGate
    chains: dict[tuple[str, int, str], KnownChain] = field(default_factory=dict)


class Check:
    """A running check. `done(sample, body)` is called once; body is None unless it was asked for."""

    __slots__ = (
        "_body",
        "_candidates",
        "_done",
        "_hop_ms",
        "_hops",
        "_keep_body",
        "_memory",
        "_place",
        "_reading_chain",
        "_seen",
        "_stage",
        "_target",
        "sample",
    )

    def __init__(
        self,
        stage: Stage,
        target: Target,
        sample: Sample,
        memory: Memory,
        done: Callable[[Sample, bytes | None], None],
        *,
        keep_body: bool = False,
    ) -> None:
        self._stage, self._target, self._memory = stage, target, memory
        self._done, self._keep_body = done, keep_body
        self._hops: list[Redirect] = []
        self._seen: set[str] = set()
        self._candidates: list[str] = []
        self._body: bytes | None = None
        self._hop_ms = 0.0
        self._reading_chain = False
        self.sample = sample

    def start(self) -> None:
        self._go_to(self._target.url)

    def _go_to(self, url: str) -> None:
        """Begin one hop."""
        self._hop_ms = 0.0
        try:
            self._place = read_url(url)
        except UrlError as error:
            self._end("refused_url", str(error))
            return
        if self._place.url in self._seen:
            self._end("redirect_loop", self._place.url)
            return
        self._seen.add(self._place.url)
        self.sample.final_url = self._place.url
        if self._place.literal:
            self._named(Resolution("", "", (self._place.literal,), (), 0, "", 0.0))
            return
        self._stage.resolver.resolve(
            self._place.host, self._target.family, self._stage.settings.timeouts.dns_s, self._named
        )

    def _named(self, resolution: Resolution) -> None:
        sample = self.sample
        sample.dns_ms = _plus(sample.dns_ms, resolution.seconds)
        sample.total_ms += resolution.seconds * 1000
        self._hop_ms += resolution.seconds * 1000
        sample.addresses, sample.aliases = resolution.addresses, resolution.aliases
        sample.dns_ttl_s, sample.dns_server = resolution.ttl, resolution.server
        if resolution.outcome:
            self._end(resolution.outcome, resolution.detail)
            return
        # Every address must be allowed: a name that also points inside is refused as a whole.
        for address in resolution.addresses:
            refusal = self._stage.gate.refusal(address)
            if refusal:
                sample.address = address
                self._end("refused_address", f"{self._place.host}: {refusal}")
                return
        self._candidates = sorted(resolution.addresses, key=lambda text: ":" in text)
        self._fetch()

    def _fetch(self, *, read_chain: bool = False) -> None:
        """Fetch from the first candidate address."""
        place, address = self._place, self._candidates[0]
        self.sample.address = address
        if place.tls and not read_chain:
            known = self._stage.chains.get((place.host, place.port, address))
            age = math.inf if known is None else self.sample.started_at - known.read_at
            read_chain = age >= self._stage.settings.pace.chain_s
        self._reading_chain = read_chain
        request = Request(
            place.url,
            address,
            place.port,
            place.tls,
            () if self._hops else self._conditions(),
            self._target.http2,
            self._keep_body,
            read_chain,
        )
        self._stage.transfers.start(request, self._fetched)

    def _conditions(self) -> tuple[str, ...]:
        memory = self._memory
        if not self._target.conditional or not memory.sha256:
            return ()
        lines = []
        if memory.etag:
            lines.append(f"If-None-Match: {memory.etag}")
        if memory.last_modified:
            lines.append(f"If-Modified-Since: {memory.last_modified}")
        return tuple(lines)

    def _fetched(self, reply: Reply) -> None:
        if reply.outcome in _HANDSHAKE_FAILURES and not self._reading_chain:
            # Look once more, this time at the chain: it explains the failure, or the failure is over.
            self._fetch(read_chain=True)
            return
        self._add_phases(reply)
        if reply.outcome == "connect_error" and len(self._candidates) > 1:
            self._candidates.pop(0)
            self._fetch()  # the next address; the time lost stays in the connect phase, as a visitor feels it
            return
        self._describe(reply)
        if reply.outcome:
            self._end(reply.outcome, reply.detail)
        elif reply.status in _REDIRECTS and reply.headers.get("location"):
            self._redirect(reply)
        else:
            self._complete(reply)

    def _redirect(self, reply: Reply) -> None:
        location = reply.headers["location"]
        hop = Redirect(self._place.url, reply.status, location, self.sample.address, round(self._hop_ms, 3))
        self._hops.append(hop)
        if len(self._hops) > self._stage.settings.limits.redirects:
            self._end("too_many_redirects", location)
            return
        try:
            following = join_location(self._place.url, location)
        except UrlError as error:
            self._end("refused_url", str(error))
            return
        self._go_to(following)

    def _complete(self, reply: Reply) -> None:
        sample, memory = self.sample, self._memory
        sample.not_modified = reply.status == 304 and bool(memory.sha256)
        if sample.not_modified:
            sample.sha256, sample.size_bytes = memory.sha256, memory.size_bytes
        elif reply.status == 200 and not self._hops:
            memory.etag, memory.last_modified = sample.etag, sample.last_modified
            memory.sha256, memory.size_bytes = sample.sha256, sample.size_bytes
        self._body = reply.body
        self._end("ok", "")

    def _describe(self, reply: Reply) -> None:
        sample = self.sample
        sample.status, sample.protocol = reply.status, reply.protocol
        sample.size_bytes, sample.wire_bytes, sample.sha256 = reply.size, reply.wire_size, reply.sha256
        sample.content_type = reply.headers.get("content-type", "")
        sample.etag = reply.headers.get("etag", "")
        sample.last_modified = reply.headers.get("last-modified", "")
        if self._place.tls:
            self._describe_chain(reply)

    def _describe_chain(self, reply: Reply) -> None:
        """Note the chain that was read now, else the one known of this host and address."""
        sample = self.sample
        key = (self._place.host, self._place.port, sample.address)
        if self._reading_chain:
            chain: tuple[Certificate, ...] = ()
            try:
                chain = read_chain(reply.chain)
            except CertificateError:
                sample.chain = ()  # the handshake decides about trust; an unreadable chain is just not shown
            if chain:
                self._stage.chains[key] = KnownChain(chain, reply.tls_version, sample.started_at)
            else:
                self._stage.chains.pop(key, None)
        known = self._stage.chains.get(key)
        if known is None:
            sample.chain, sample.days_left, sample.chain_read_at = (), math.nan, math.nan
            return
        sample.chain, sample.tls_version, sample.chain_read_at = known
        sample.days_left = known.chain[0].days_left(sample.started_at)

    def _add_phases(self, reply: Reply) -> None:
        sample, spent = self.sample, 0.0
        if reply.connect_s == reply.connect_s:
            sample.connect_ms = _plus(sample.connect_ms, reply.connect_s)
            spent += reply.connect_s
        if reply.tls_s == reply.tls_s:
            sample.tls_ms = _plus(sample.tls_ms, reply.tls_s)
            spent += reply.tls_s
        if reply.first_byte_s == reply.first_byte_s:
            sample.first_byte_ms = _plus(sample.first_byte_ms, reply.first_byte_s)
            spent += reply.first_byte_s
        if reply.transfer_s == reply.transfer_s:
            sample.transfer_ms = _plus(sample.transfer_ms, reply.transfer_s)
            spent += reply.transfer_s
        sample.total_ms += spent * 1000
        self._hop_ms += spent * 1000

    def _end(self, outcome: str, detail: str) -> None:
        self.sample.outcome, self.sample.detail = outcome, detail
        self.sample.redirects = tuple(self._hops)
        self._done(self.sample, self._body)

    @property
    def place(self) -> WebAddress:
        """The hop under way."""
        return self._place


def _plus(milliseconds: float, seconds: float) -> float:
    """A phase of the whole check after one more hop; NaN means that no hop has reached it before."""
    return seconds * 1000 if milliseconds != milliseconds else milliseconds + seconds * 1000


def new_sample(target: Target, scheduled_at: float, late_ms: float) -> Sample:
    """A sample that starts now."""
    return Sample(target.id, target.url, scheduled_at, started_at=time.time(), late_ms=late_ms)
