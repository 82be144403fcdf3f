"""What of the kartes can be found: their text, and the servers, software, contracts and vendors that hang on them."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db import models
from django.db.models import QuerySet
from django.urls import reverse

from tenshu.dx.karte.fields import FIELDS, field_of
from tenshu.dx.karte.models import Contract, Karte, Server, Software, Vendor
from tenshu.dx.karte.queries import kartes_for
from tenshu.ground.access.models import User
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.search.sources import Following, SearchSource, SearchText
from tenshu.ground.systems.models import System
from tenshu.ground.systems.queries import systems_for
from tenshu.ground.ui.dates import day_text

TEXTS = tuple(
    name
    for name in FIELDS
    if isinstance(field := field_of(Karte, name), models.CharField | models.TextField) and not field.choices
)
"""The fields of a karte in which something is written."""


def _kartes() -> QuerySet[Karte]:
    return Karte.objects.select_related("system")


def _karte_text(karte: Karte) -> SearchText:
    body = "\n".join(text for name in TEXTS if (text := getattr(karte, name)))
    return SearchText(f"{karte.system.name}のカルテ", body, (karte.system.number,))


def _kartes_of(systems: Sequence[System]) -> "QuerySet[Karte, int]":
    return Karte.objects.filter(system__in=[system.pk for system in systems]).values_list("pk", flat=True)


def _rows[M: models.Model](model: type[M], *related: str) -> Callable[[], QuerySet[M]]:
    return lambda: model._default_manager.select_related("system", *related)


def _visible[M: models.Model](model: type[M]) -> Callable[[User], QuerySet[M]]:
    return lambda user: model._default_manager.filter(system__in=systems_for(user))


def _from_vendors(model: type[models.Model]) -> Following:
    """The name of a vendor stands in the text of what it sells."""

    def keys(vendors: Sequence[Vendor]) -> Any:
        found = model._default_manager.filter(vendor__in=[vendor.pk for vendor in vendors])
        return found.values_list("pk", flat=True)

    return Following(Vendor, keys)


def _place(part: str) -> Callable[[Any], str]:
    """The karte of the system, where the things of this kind stand."""
    return lambda thing: f"{reverse('karte:karte-detail', args=[thing.system_id])}#{part}"


def _server_text(server: Server) -> SearchText:
    told = (server.role, server.operating_system, server.maker_model, server.place, server.note)
    return SearchText(server.name, "\n".join(filter(None, told)), (server.address,), server.installed_on)


def _software_text(software: Software) -> SearchText:
    told = (software.get_kind_display(), software.vendor.name if software.vendor else "", software.note)
    return SearchText(str(software), "\n".join(filter(None, told)), (software.cpe,))


def _contract_text(contract: Contract) -> SearchText:
    body = f"{contract.get_kind_display()}\n{contract.vendor.name}\n{contract.note}"
    return SearchText(contract.name, body, (contract.number,), contract.starts_on)


def _contract_under(contract: Contract) -> str:
    last = day_text(contract.ends_on, "plain")
    return f"{contract.system.name}　{last}まで（{FiscalYear.containing(contract.ends_on)}）"


def _vendor_text(vendor: Vendor) -> SearchText:
    keys = (vendor.kana, vendor.corporate_number, vendor.phone)
    return SearchText(vendor.name, f"{vendor.contact}\n{vendor.address}\n{vendor.mail}", keys)


def _vendor_page(vendor: Vendor) -> str:
    return f"{reverse('karte:register-list', args=['vendor'])}?{urlencode({'q': vendor.name})}"


def _all_vendors(user: User) -> QuerySet[Vendor]:
    return Vendor.objects.all()


SOURCES: list[SearchSource[Any]] = [
    SearchSource(
        key="karte",
        label="システムカルテ",
        model=Karte,
        rows=_kartes,
        text=_karte_text,
        url=lambda karte: reverse("karte:karte-detail", args=[karte.system_id]),
        under=lambda karte: karte.summary.split("\n", 1)[0][:80],
        opens="karte:karte-detail",
        visible=kartes_for,
        follows=(Following(System, _kartes_of),),
        icon="columns",
        order=11,
    ),
    SearchSource(
        key="contract",
        label="契約",
        model=Contract,
        rows=_rows(Contract, "vendor"),
        text=_contract_text,
        url=_place("contract"),
        under=_contract_under,
        opens="karte:karte-detail",
        visible=_visible(Contract),
        follows=(_from_vendors(Contract),),
        order=12,
    ),
    SearchSource(
        key="software",
        label="ソフトウェア",
        model=Software,
        rows=_rows(Software, "vendor"),
        text=_software_text,
        url=_place("software"),
        under=lambda software: software.system.name,
        opens="karte:karte-detail",
        visible=_visible(Software),
        follows=(_from_vendors(Software),),
        order=13,
    ),
    SearchSource(
        key="server",
        label="サーバ",
        model=Server,
        rows=_rows(Server),
        text=_server_text,
        url=_place("server"),
        under=lambda server: server.system.name,
        opens="karte:karte-detail",
        visible=_visible(Server),
        order=14,
    ),
    SearchSource(
        key="vendor",
        label="事業者",
        model=Vendor,
        rows=Vendor.objects.all,
        text=_vendor_text,
        url=_vendor_page,
        under=lambda vendor: vendor.contact,
        opens="karte:register-list",
        visible=_all_vendors,
        order=15,
    ),
]
