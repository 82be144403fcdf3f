"""Japanese words for what the record says: operations, kinds of object, fields."""

from functools import cache

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from tenshu.ground.rooms import offered


@cache
def _verbs() -> dict[str, str]:
    words: dict[str, str] = {}
    for given in offered("audit_verbs", "VERBS"):
        words.update(given)
    return words


_ENDINGS = {
    "created": "登録",
    "added": "追加",
    "changed": "変更",
    "removed": "削除",
    "imported": "取込",
    "opened": "開始",
    "closed": "締め",
    "ended": "終了",
    "granted": "付与",
    "withdrawn": "取消",
    "set": "設定",
    "planned": "登録",
    "held": "開催済にする",
    "cancelled": "中止",
    "stopped": "停止",
    "activated": "再開",
    "issued": "発行",
    "frozen": "締め",
    "renamed": "名称変更",
    "moved": "移動",
}


def verb_label(verb: str) -> str:
    """The operation in Japanese: a room's own word (``audit_verbs.VERBS``), else by the verb's ending."""
    known = _verbs().get(verb)
    if known:
        return known
    return _ENDINGS.get(verb.rsplit("_", 1)[-1].rsplit(".", 1)[-1], verb)


def verbs_called(word: str) -> list[str]:
    """The operations whose Japanese word of their room contains ``word``."""
    return [verb for verb, label in _verbs().items() if word in label]


def target_label(label_lower: str) -> str:
    """The kind of object in Japanese, from its model."""
    try:
        return str(apps.get_model(label_lower)._meta.verbose_name)
    except (LookupError, ValueError):
        return label_lower


def field_label(label_lower: str, name: str) -> str:
    """The field in Japanese, from its model."""
    try:
        field = apps.get_model(label_lower)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return name
    return str(getattr(field, "verbose_name", name))
