"""The page of results, and the suggestions under the box (the same address with ``part=suggestions``)."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.asking_once import asking_once
from tenshu.ground.search.finding import MOST_HITS, Found, Hit, find
from tenshu.ground.search.showing import cards
from tenshu.ground.search.snippets import Card
from tenshu.ground.search.sources import sources
from tenshu.ground.search.wording import LONGEST_QUERY, Wording, read_wording
from tenshu.ground.ui.parts import Tab

PAGE_SIZE = 20
SUGGESTED, SUGGESTED_OF_A_KIND = 9, 3


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """検索."""
    # Marks and gates of all kinds ask for the same units of the person.
    with asking_once():
        return _results(request, signed_in(request))


def _results(request: HttpRequest, user: User) -> HttpResponse:
    typed = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    wording = read_wording(typed)
    if request.GET.get("part") == "suggestions":
        return render(request, "search/suggestions.html", _suggested(user, typed, wording))
    kind = request.GET.get("kind", "")
    kind = kind if kind in sources() else ""
    found = find(user, wording)
    shown = _of_kind(user, wording, found, kind)
    page = Paginator(shown.hits, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "typed": typed,
        "wording": wording,
        "found": found,
        "shown": shown,
        "kind": sources()[kind].label if kind else "",
        "tabs": _tabs(typed, kind, found),
        "cards": cards(user, list(page.object_list), wording),
        "page": page,
        "links": _links(typed, kind, page),
        "most": MOST_HITS,
        "all_url": _url(typed),
        "kinds": [source.label for source in sources().values() if source.open_to(user)],
    }
    return render(request, "search/results.html", context)


def _of_kind(user: User, wording: Wording, found: Found, kind: str) -> Found:
    """The hits of one kind: picked out of all of them, asked anew when these are not all."""
    if not kind:
        return found
    if found.more:
        return find(user, wording, kind=kind)
    return Found([hit for hit in found.hits if hit.source == kind])


def _url(typed: str, kind: str = "", page: int | None = None) -> str:
    asked = {"q": typed, **({"kind": kind} if kind else {}), **({"page": page} if page else {})}
    return f"{reverse('search:results')}?{urlencode(asked)}"


def _tabs(typed: str, kind: str, found: Found) -> list[Tab]:
    """All, and each kind that was found. Numbers only when every hit was counted."""
    counts = Counter(hit.source for hit in found.hits)
    if len(counts) < 2 and not kind:
        return []
    tabs = [Tab("すべて", _url(typed), not kind, None if found.more else len(found.hits))]
    for key, source in sources().items():
        if key in counts or key == kind:
            tabs.append(Tab(source.label, _url(typed, key), key == kind, None if found.more else counts[key]))
    return tabs


@dataclass(frozen=True, slots=True)
class Links:
    """The pages of the results."""

    numbers: list[tuple[int | None, str]]
    previous: str
    following: str


def _links(typed: str, kind: str, page: Page[Hit]) -> Links | None:
    if not page.has_other_pages():
        return None
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return Links(
        [(n, _url(typed, kind, n)) if isinstance(n, int) else (None, "") for n in numbers],
        _url(typed, kind, page.previous_page_number()) if page.has_previous() else "",
        _url(typed, kind, page.next_page_number()) if page.has_next() else "",
    )


def _suggested(user: User, typed: str, wording: Wording) -> dict[str, object]:
    """The best of each kind, in the order in which the kinds were found first."""
    found = find(user, wording, most=PAGE_SIZE * 3)
    taken: Counter[str] = Counter()
    chosen: list[Hit] = []
    for hit in found.hits:
        if taken[hit.source] < SUGGESTED_OF_A_KIND and len(chosen) < SUGGESTED:
            taken[hit.source] += 1
            chosen.append(hit)
    order = list(taken)
    chosen.sort(key=lambda hit: order.index(hit.source))
    groups: list[tuple[str, list[Card]]] = [
        (label, list(of_kind))
        for label, of_kind in groupby(cards(user, chosen, wording), key=lambda card: card.kind)
    ]
    return {"groups": groups, "typed": typed, "all_url": _url(typed), "wording": wording}
