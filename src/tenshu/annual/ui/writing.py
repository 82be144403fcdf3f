"""Free texts, closing of the year, correction."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tenshu.annual.actions import do_close_year, do_reissue, do_write_passage
from tenshu.annual.chapters import OUTLINE
from tenshu.annual.differences import stories
from tenshu.annual.models import Passage
from tenshu.annual.outline import Section
from tenshu.annual.queries import newest_edition, report_of
from tenshu.annual.ui.forms import PassageForm, ReissueForm
from tenshu.ground.access.gates import signed_in
from tenshu.ground.calendar.queries import is_closed
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.ui.forms import ConfirmForm


def section_of(slug: str) -> Section:
    """The section whose number reads ``slug`` in an address; raises ``Http404``."""
    for part in OUTLINE:
        for section in part.sections:
            if section.number.replace("(", "-").rstrip(")") == slug:
                return section
    raise Http404


def _back(request: HttpRequest, why: str) -> HttpResponse:
    """To the report, with the reason why there is nothing to do here."""
    messages.warning(request, why)
    return redirect("annual:report")


def passage_edit(request: HttpRequest, section_slug: str) -> HttpResponse:
    """Write the free text of a section."""
    section, year = section_of(section_slug), year_of(request)
    if is_closed(year):
        return _back(
            request, f"{year.label}は締め済なので、本文は直せません。訂正の版を出すと、いまの本文が入ります。"
        )
    passage = Passage.objects.filter(year=year.year, section=section.number).first()
    form = PassageForm(request.POST or None, initial={"text": passage.text if passage else ""})
    if request.method == "POST" and form.is_valid():
        do_write_passage(year, section.number, form.cleaned_data["text"], acting_user=signed_in(request))
        messages.success(request, f"{section.number} {section.title} の本文を保存しました。")
        return redirect(f"{reverse('annual:report')}#s{section_slug}")
    context = {"form": form, "section": section, "year": year, "passage": passage, "slug": section_slug}
    return render(request, "annual/passage_edit.html", context, status=422 if form.errors else 200)


def year_close(request: HttpRequest) -> HttpResponse:
    """Close the year, after a look at what is still missing."""
    year = year_of(request)
    if is_closed(year):
        return _back(request, f"{year.label}は、もう締めてあります。")
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            edition = do_close_year(year, acting_user=signed_in(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, f"{year.label}を締め、年次報告 第{edition.number}版を発行しました。")
            return redirect("annual:report")
    missing = sum(len(section.gaps) for section in report_of(year).sections)
    context = {
        "form": form,
        "title": f"{year.label}を締める",
        "consequence": "いまの数値と、数えた行の控えを残します。締めた後は、訂正の版を出さないと報告が変わりません。",
        "details": [f"足りないものが{missing}か所あり、そのまま「記録なし」と出ます。"] if missing else [],
        "action_label": "年度を締める",
        "danger": False,
        "back_url": reverse("annual:report"),
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


def difference_list(request: HttpRequest) -> HttpResponse:
    """What changed after the year was closed."""
    year = year_of(request)
    context = {
        "year": year,
        "is_closed": is_closed(year),
        "stories": stories(year),
        "edition": newest_edition(year),
    }
    return render(request, "annual/difference_list.html", context)


def reissue(request: HttpRequest) -> HttpResponse:
    """Issue a corrected edition with the reason."""
    year = year_of(request)
    if not is_closed(year):
        return _back(request, f"{year.label}はまだ締めていません。記録を直すと、報告も変わります。")
    form = ReissueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        edition = do_reissue(year, form.cleaned_data["reason"], acting_user=signed_in(request))
        messages.success(request, f"年次報告 第{edition.number}版を発行しました。前の版も残っています。")
        return redirect("annual:report")
    context = {"form": form, "year": year, "stories": stories(year), "edition": newest_edition(year)}
    return render(request, "annual/reissue.html", context, status=422 if form.errors else 200)
