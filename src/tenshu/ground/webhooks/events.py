"""The events of which another system may be told: operations of the record that rooms name in ``webhook_events``."""

from functools import cache

from tenshu.ground.audit.verbs import verb_label
from tenshu.ground.rooms import offered

TEST = "webhooks.test"


@cache
def events() -> dict[str, str]:
    """Every event a room offers, with its Japanese words, in the order of the rooms."""
    return {verb: label for offer in offered("webhook_events", "EVENTS") for verb, label in offer.items()}


def event_label(verb: str) -> str:
    """The words for an event, also for one that is offered no more."""
    return "試しの送信" if verb == TEST else events().get(verb) or verb_label(verb)
