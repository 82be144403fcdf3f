"""Systems as subjects of questionnaires and inquiries (対象：システム)."""

import datetime
from collections.abc import Mapping, Sequence

from tenshu.dx.karte.models import Karte
from tenshu.dx.karte.models.choices import Hosting, InfoClass, Lifecycle, Zone, ZoneModel
from tenshu.ground.systems.models import System
from tenshu.ground.systems.queries import owned_on
from tenshu.mechanisms.questionnaire.subjects import Attribute, AttributeValue, Subject


def _labels(choices: type[Zone | ZoneModel | InfoClass | Hosting | Lifecycle]) -> list[str]:
    return [str(label) for label in choices.labels]


class SystemSubjects:
    """Systems in use."""

    key = "system"
    label = "システム"
    model = "systems.System"
    attributes: Sequence[Attribute] = (
        Attribute("部局"),
        Attribute("最適化の対象", ("はい", "いいえ")),
        Attribute("運用開始日"),
        Attribute("ライフサイクル", _labels(Lifecycle)),
        Attribute("ネットワーク", _labels(Zone)),
        Attribute("モデル", _labels(ZoneModel)),
        Attribute("機密性", _labels(InfoClass)),
        Attribute("設置形態", _labels(Hosting)),
        Attribute("マイナンバー利用", ("はい", "いいえ")),
        Attribute("個人情報", ("はい", "いいえ")),
        Attribute("グローバルIPの使用", ("はい", "いいえ")),
    )

    def subjects(self, on: datetime.date) -> Sequence[Subject]:
        """Systems in use on the day; the owner of the day answers."""
        systems = owned_on(System.objects.in_use_on(on), on).order_by("number")
        return [
            Subject(system.pk, system.name, system.number, system.owner_then)  # type: ignore[attr-defined]
            for system in systems
        ]

    def attributes_of(
        self, keys: Sequence[int], on: datetime.date
    ) -> Mapping[int, Mapping[str, AttributeValue]]:
        """Facts of the register and of the karte; what is not known is left out of every condition."""
        kartes = {karte.system_id: karte for karte in Karte.objects.filter(system__in=keys)}
        candidates = set(System.objects.candidates_on(on).filter(pk__in=keys).values_list("pk", flat=True))
        found: dict[int, Mapping[str, AttributeValue]] = {}
        for system in owned_on(System.objects.filter(pk__in=keys), on):
            karte = kartes.get(system.pk, Karte(system=system))
            found[system.pk] = {
                "部局": system.department_name,  # type: ignore[attr-defined]
                "最適化の対象": "はい" if system.pk in candidates else "いいえ",
                "運用開始日": system.started_on,
                "ライフサイクル": karte.get_lifecycle_display(),
                "ネットワーク": karte.get_zone_display(),
                "モデル": karte.get_zone_model_display(),
                "機密性": karte.get_info_class_display(),
                "設置形態": karte.get_hosting_display(),
                "マイナンバー利用": _said(karte.uses_mynumber),
                "個人情報": _said(karte.holds_personal),
                "グローバルIPの使用": _said(karte.uses_global_ip),
            }
        return found


def _said(value: bool | None) -> str | None:
    return None if value is None else "はい" if value else "いいえ"


KINDS = [SystemSubjects()]
