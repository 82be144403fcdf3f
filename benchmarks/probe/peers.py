"""Peer clients for the prober's benchmark, each in a process of its own: `python peers.py KIND CITY.json
COUNT`.

A check is the client's own DNS stage (when the city could be entered by name, else an address), a new TCP
connection, verified TLS, full body, SHA-256, and phases as far as the client can give them. Prints one
JSON line: checks, CPU seconds of the loop, seconds, peak memory in MB, first bytes in ms.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import ssl
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

Fetch = Callable[[int], Awaitable[float]]
IN_FLIGHT = 100


def peak_memory_mb() -> float:
    """High-water mark of this process's resident memory."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return float("nan")


async def all_at_once(fetch: Fetch, count: int) -> list[float]:
    """`count` checks, 100 in flight; the first-byte times in ms."""
    numbers = iter(range(count))

    async def worker() -> list[float]:
        return [await fetch(number) for number in numbers]

    parts = await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))
    return [value for part in parts for value in part]


async def paced(fetch: Fetch, count: int, rate: float) -> list[float]:
    """`count` checks at `rate` starts a second."""
    begin, tasks = time.monotonic(), []
    for number in range(count):
        await asyncio.sleep(max(0.0, begin + number / rate - time.monotonic()))
        tasks.append(asyncio.create_task(fetch(number)))  # type: ignore[arg-type]
    return list(await asyncio.gather(*tasks))


async def with_httpx(city: dict[str, Any], drive: Callable[[Fetch], Awaitable[list[float]]]) -> list[float]:
    import httpx

    context = ssl.create_default_context(cafile=city["trust"])
    limits = httpx.Limits(max_connections=1000, max_keepalive_connections=0)

    async with httpx.AsyncClient(verify=context, limits=limits, trust_env=False, timeout=60) as client:

        async def fetch(number: int) -> float:
            site = number % city["sites"]
            marks: dict[str, float] = {}

            async def trace(name: str, _info: object) -> None:
                marks[name] = time.perf_counter()

            reply = await client.get(
                f"https://{place(city, site)}:{city['port']}/",
                headers={"Host": f"s{site:04d}.site.test"},
                extensions={"sni_hostname": f"s{site:04d}.site.test", "trace": trace},
            )
            assert reply.status_code == 200
            hashlib.sha256(reply.content).hexdigest()
            sent = marks["http11.send_request_headers.started"]
            return (marks["http11.receive_response_headers.complete"] - sent) * 1000

        return await drive(fetch)


async def with_aiohttp(city: dict[str, Any], drive: Callable[[Fetch], Awaitable[list[float]]]) -> list[float]:
    import aiohttp
    from aiohttp.abc import AbstractResolver, ResolveResult
    from aiohttp.resolver import ThreadedResolver

    class Known(AbstractResolver):
        async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
            there = address(int(host[1:5]))
            return [ResolveResult(hostname=host, host=there, port=port, family=2, proto=6, flags=4)]

        async def close(self) -> None:
            return None

    context = ssl.create_default_context(cafile=city["trust"])
    timing = aiohttp.TraceConfig()

    async def headers_sent(_session: object, marks: Any, _params: object) -> None:
        marks.trace_request_ctx["sent"] = time.perf_counter()

    async def ended(_session: object, marks: Any, _params: object) -> None:
        marks.trace_request_ctx["first"] = time.perf_counter()

    timing.on_request_headers_sent.append(headers_sent)
    timing.on_request_end.append(ended)
    connector = aiohttp.TCPConnector(
        ssl=context,
        force_close=True,
        limit=1000,
        resolver=ThreadedResolver() if city["names"] else Known(),
        use_dns_cache=False,
    )
    async with aiohttp.ClientSession(connector=connector, trace_configs=[timing]) as session:

        async def fetch(number: int) -> float:
            site, marks = number % city["sites"], {}
            url = f"https://s{site:04d}.site.test:{city['port']}/"
            async with session.get(url, trace_request_ctx=marks) as reply:
                assert reply.status == 200
                hashlib.sha256(await reply.read()).hexdigest()
            return float(marks["first"] - marks["sent"]) * 1000

        return await drive(fetch)


def place(city: dict[str, Any], site: int) -> str:
    return f"s{site:04d}.site.test" if city["names"] else address(site)


def address(site: int) -> str:
    return f"127.1.{(site + 1) >> 8}.{(site + 1) & 255}"


def main() -> None:
    kind, city_file, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    rate = float(sys.argv[4]) if len(sys.argv) > 4 else None
    city = json.loads(city_file.read_text())
    client = {"httpx": with_httpx, "aiohttp": with_aiohttp}[kind]

    async def drive(fetch: Fetch) -> list[float]:
        return await (paced(fetch, count, rate) if rate else all_at_once(fetch, count))

    began, cpu = time.monotonic(), time.process_time()
    first_bytes = asyncio.run(client(city, drive))
    print(
        json.dumps(
            {
                "checks": len(first_bytes),
                "cpu_s": time.process_time() - cpu,
                "seconds": time.monotonic() - began,
                "memory_mb": peak_memory_mb(),
                "first_byte_ms": first_bytes,
            }
        )
    )


if __name__ == "__main__":
    main()
