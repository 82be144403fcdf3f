"""The pages that change kartes and what hangs on systems, and the registers of the secretariat."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from tenshu.dx.karte import actions
from tenshu.dx.karte.fields import SECTIONS, item_label, items
from tenshu.dx.karte.models import Dependency, NotApplicable
from tenshu.dx.karte.parts import labels_of, parts_of, texts_of
from tenshu.dx.karte.queries import access_part, access_register, karte_of
from tenshu.dx.karte.ui.forms import NotApplicableForm, form_class, section_form
from tenshu.dx.karte.ui.things import Thing, part_of, register_of
from tenshu.ground.access.gates import signed_in
from tenshu.ground.merging import Merged
from tenshu.ground.systems.gates import access_system
from tenshu.ground.systems.models import System
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.forms import ConfirmForm, ModelForm
from tenshu.ground.ui.merging import base_of, refuse_conflicts, remember, saved_text
from tenshu.ground.ui.parts import Crumb

PAGE = "ui/form_page.html"


def page_of(system: System, thing: str = "") -> str:
    """The page of the system on which that thing stands."""
    return reverse(f"karte:{'money-detail' if thing == 'cost' else 'karte-detail'}", args=[system.pk])


def context_of(
    title: str, label: str, back: str, system: System | None = None, lead: str = ""
) -> dict[str, Any]:
    """What every form page of the room shows."""
    trail = [Crumb("庁内DX"), Crumb("システムカルテ", reverse("karte:karte-list"))]
    if system is not None:
        trail.append(Crumb(system.name, page_of(system)))
    return {"title": title, "action_label": label, "back_url": back, "trail": trail, "lead": lead}


def answer_merged(
    request: HttpRequest,
    record: models.Model,
    form: ModelForm[Any],
    act: Callable[[dict[str, Any], dict[str, Any]], Merged],
    *,
    names: Sequence[str],
    context: dict[str, Any],
    to: str,
) -> HttpResponse:
    """Answer a form over ``names`` of a record that others may change meanwhile: ``act(values, base)`` merges."""
    parts = parts_of(record, names)
    labels = labels_of(type(record), parts)
    remember(form, parts)

    def save(values: dict[str, Any]) -> Merged:
        base = base_of(values)
        merged = act({name: values[name] for name in names}, base)
        held = type(record)._default_manager.filter(pk=record.pk).first() or record
        refuse_conflicts(form, merged, stored=texts_of(held, merged.conflicts), labels=labels)
        return merged

    return answer_form(
        request,
        form,
        save,
        template=PAGE,
        context=context,
        message=lambda merged: saved_text(merged, labels),
        to=lambda _: to,
    )


def karte_correct(request: HttpRequest, system_id: int, section_name: str) -> HttpResponse:
    """Change the fields of one section."""
    user = signed_in(request)
    if section_name not in SECTIONS:
        raise Http404
    system = access_system(user, system_id, "change")
    title, names = SECTIONS[section_name]
    return answer_merged(
        request,
        karte_of(system),
        section_form(section_name)(request.POST or None, instance=karte_of(system)),
        lambda values, base: actions.do_merge_karte(system, values, base, acting_user=user),
        names=names,
        context=context_of(
            f"{title}を直す", "保存する", page_of(system), system, "分からない項目は空欄のままにします。"
        ),
        to=f"{page_of(system)}#{section_name}",
    )


def not_applicable_set(request: HttpRequest, system_id: int, item: str) -> HttpResponse:
    """Say why something cannot exist for the system."""
    user = signed_in(request)
    if item not in dict(items()):
        raise Http404
    system = access_system(user, system_id, "change")
    back = reverse("karte:completeness-detail", args=[system.pk])
    found = NotApplicable.objects.filter(system=system, item=item).first()
    return answer_form(
        request,
        NotApplicableForm(request.POST or None, initial={"reason": found.reason if found else ""}),
        lambda values: actions.do_set_not_applicable(system, item, values["reason"], acting_user=user),
        template=PAGE,
        context=context_of(f"「{item_label(item)}」を該当なしにする", "保存する", back, system),
        message="保存しました。",
        to=lambda _: back,
    )


def thing_add(request: HttpRequest, system_id: int, thing: str) -> HttpResponse:
    """A new server, contract … of a system."""
    user = signed_in(request)
    kind = part_of(thing)
    system = access_system(user, system_id, "change")
    new = kind.model() if kind.model is Dependency else kind.model(system=system)
    initial = {"source": system.number} if kind.model is Dependency else {}

    def act(values: dict[str, Any]) -> models.Model:
        made = kind.model(**values) if kind.model is Dependency else kind.model(system=system, **values)
        if isinstance(made, Dependency):
            needs_end(made, system)
        return actions.do_add_thing(made, acting_user=user)

    return answer_form(
        request,
        form_class(kind.model, kind.fields)(request.POST or None, instance=new, initial=initial),
        act,
        template=PAGE,
        context=context_of(f"{kind.label}を登録する", "登録する", page_of(system, thing), system, kind.lead),
        message=f"{kind.label}を登録しました。",
        to=lambda _: page_of(system, thing),
    )


def needs_end(flow: Dependency, system: System) -> None:
    """Raise ``ValidationError`` when neither end of the flow is ``system``."""
    if system not in (flow.source, flow.target):
        raise ValidationError(
            {"source": f"渡す側か受け取る側を、{system.number} {system.name}にしてください。"}
        )


def _system_of(record: models.Model) -> System:
    found: System = (
        (record.source or record.target) if isinstance(record, Dependency) else record.system  # type: ignore[assignment,attr-defined]
    )
    return found


def _correct(
    request: HttpRequest, record: models.Model, kind: Thing, back: str, system: System | None = None
) -> HttpResponse:
    user, names = signed_in(request), kind.stored_fields
    return answer_merged(
        request,
        record,
        form_class(kind.model, kind.fields)(
            request.POST or None, instance=kind.model._default_manager.get(pk=record.pk)
        ),
        lambda values, base: actions.do_merge_thing(record, values, base, acting_user=user),
        names=names,
        context=context_of(f"{kind.label}を直す", "保存する", back, system, kind.lead),
        to=back,
    )


def thing_correct(request: HttpRequest, thing: str, thing_id: int) -> HttpResponse:
    """Change one."""
    kind = part_of(thing)
    record = access_part(signed_in(request), kind.model, thing_id, "change")
    system = _system_of(record)
    return _correct(request, record, kind, page_of(system, thing), system)


def thing_remove(request: HttpRequest, thing: str, thing_id: int) -> HttpResponse:
    """Remove one that was entered by mistake."""
    user = signed_in(request)
    kind = part_of(thing)
    record = access_part(user, kind.model, thing_id, "change")
    system = _system_of(record)
    return _remove(request, record, kind, page_of(system, thing), system)


def _remove(
    request: HttpRequest, record: models.Model, kind: Thing, back: str, system: System | None = None
) -> HttpResponse:
    user = signed_in(request)
    return answer_form(
        request,
        ConfirmForm(request.POST or None, ask_reason=True),
        lambda values: actions.do_remove_thing(record, acting_user=user, reason=values["reason"]),
        template="ui/confirm.html",
        context=context_of(f"{kind.label}「{record}」を消す", "消す", back, system)
        | {"consequence": "誤って登録したものだけを消してください。確定した年度版と監査記録には残ります。"},
        message=f"{kind.label}を消しました。",
        to=lambda _: back,
    )


def _register_page(register: str) -> str:
    return reverse("karte:register-list", args=[register])


def register_add(request: HttpRequest, register: str) -> HttpResponse:
    """A new entry of a list that the secretariat keeps."""
    user = signed_in(request)
    kind = register_of(register)
    return answer_form(
        request,
        form_class(kind.model, kind.fields)(request.POST or None, instance=kind.model()),
        lambda values: actions.do_add_thing(kind.model(**values), acting_user=user),
        template=PAGE,
        context=context_of(f"{kind.label}を登録する", "登録する", _register_page(register), None, kind.lead),
        message=f"{kind.label}を登録しました。",
        to=lambda _: _register_page(register),
    )


def register_correct(request: HttpRequest, register: str, entry_id: int) -> HttpResponse:
    """Change an entry."""
    kind = register_of(register)
    record = access_register(signed_in(request), kind.model, entry_id)
    return _correct(request, record, kind, _register_page(register))


def register_remove(request: HttpRequest, register: str, entry_id: int) -> HttpResponse:
    """Remove an entry on which nothing hangs."""
    kind = register_of(register)
    record = access_register(signed_in(request), kind.model, entry_id)
    return _remove(request, record, kind, _register_page(register))
