"""Writers of what was typed on a page while others may have written the same record: parts are merged, none is lost."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from tenshu.dx.karte.actions.things import do_change_karte, do_change_thing
from tenshu.dx.karte.models import Karte
from tenshu.dx.karte.parts import merge_values
from tenshu.ground.access.models import User
from tenshu.ground.merging import Merged
from tenshu.ground.systems.models import System


@transaction.atomic
def do_merge_karte(
    system: System, values: Mapping[str, Any], base: Mapping[str, Any], *, acting_user: User
) -> Merged:
    """Change fields of a karte that were typed over ``base``. Fields that both sides changed stay as they are."""
    # The system is locked, not the karte: two people may be beginning it.
    locked = System.objects.select_for_update(of=("self",)).get(pk=system.pk)
    held = Karte.objects.filter(system=locked).first() or Karte(system=locked)
    merged, mine = merge_values(held, values, base)
    do_change_karte(locked, mine, acting_user=acting_user)
    return merged


@transaction.atomic
def do_merge_thing(
    thing: models.Model, values: Mapping[str, Any], base: Mapping[str, Any], *, acting_user: User
) -> Merged:
    """Change a server, a contract, a rule … that was typed over ``base``."""
    held = type(thing)._default_manager.select_for_update(of=("self",)).filter(pk=thing.pk).first()
    if held is None:
        raise ValidationError("ほかの人が消しました。入力した内容で登録し直してください。")
    merged, mine = merge_values(held, values, base)
    do_change_thing(held, mine, acting_user=acting_user)
    return merged
