"""The figures for Prometheus: the rooms' gauges from the database, the requests of this machine's processes."""

import ipaddress
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from tenshu.ground.client_address import client_address
from tenshu.ground.operations.gauge import Gauge
from tenshu.ground.operations.measuring import request_registry
from tenshu.ground.rooms import offered

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")


class HouseCollector(Collector):
    """Reads every gauge of the rooms at a scrape."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """The families, one a gauge."""
        gauges: list[Gauge] = [gauge for offer in offered("gauges", "GAUGES") for gauge in offer]
        for gauge in gauges:
            found = gauge.read()
            labels = [gauge.label] if gauge.label else []
            family = GaugeMetricFamily(gauge.name, gauge.text, labels=labels)
            if isinstance(found, (int, float)):
                family.add_metric([], found)
            else:
                for value, number in found.items():
                    family.add_metric([value], number)
            yield family


def metrics_text() -> bytes:
    """Everything in the text format of Prometheus."""
    house = CollectorRegistry()
    house.register(HouseCollector())
    return generate_latest(house) + generate_latest(request_registry())


def may_scrape(request: HttpRequest) -> bool:
    """By the token, else from a network that is named, else from this machine itself and not through a proxy."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
    if token and given:
        return secrets.compare_digest(given.encode(), token.encode())
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return False
    if any(address in ipaddress.ip_network(network) for network in settings.METRICS_NETWORKS):
        return True
    through_proxy = any(name in request.headers for name in _FORWARDED)
    return not token and address.is_loopback and not through_proxy
