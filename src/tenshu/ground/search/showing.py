"""From hits to what the pages show of them: read from the records themselves, a fixed number of queries a kind."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.urls import reverse

from tenshu.ground.access.models import User
from tenshu.ground.files.models import Attachment
from tenshu.ground.search.finding import Hit
from tenshu.ground.search.folding import fold
from tenshu.ground.search.index import LONGEST_BODY
from tenshu.ground.search.snippets import Card, marked, snippet
from tenshu.ground.search.sources import SearchSource, sources
from tenshu.ground.search.wording import Wording


def cards(user: User, hits: Sequence[Hit], wording: Wording) -> list[Card]:
    """The hits with title, place and text, in their order, each once more past the gate of its kind."""
    keys: dict[str, list[int]] = defaultdict(list)
    for hit in hits:
        keys[hit.source].append(hit.key)
    records = {
        (key, record.pk): record
        for key, found in keys.items()
        for record in sources()[key].shown_rows().filter(pk__in=sources()[key].readable(user, found))
    }
    return [
        _card(sources()[hit.source], records[hit.source, hit.key], wording)
        for hit in hits
        if (hit.source, hit.key) in records
    ]


def _card(source: SearchSource[Any], record: models.Model, wording: Wording) -> Card:
    text = source.text(record)
    title = fold(text.title)
    # A number, code or reading is shown when it is the reason of the hit.
    reasons = [word for word in wording.words if word not in title]
    numbers = [key for key in text.keys if any(word in fold(key) for word in reasons)]
    download = (
        reverse("files:attachment-download", args=[record.pk]) if isinstance(record, Attachment) else ""
    )
    return Card(
        kind=source.label,
        icon=source.icon,
        url=source.url(record),
        title=marked(text.title, wording.words),
        under=source.under(record),
        text=snippet(text.body[:LONGEST_BODY], wording.words),
        keys=marked("、".join(numbers), wording.words),
        download_url=download,
    )
