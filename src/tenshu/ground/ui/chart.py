"""What every chart is: caption, key, picture, finding and data; and how a specification is closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenshu.ground.ui.parts import Segment
from tenshu.ground.ui.pictures import FONT, paper_svg, themed_svg

WIDTH = 300
"""Width of the marks of an upright chart: with its labels it fits a phone, text at 14 px or more."""


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A line of the key: ``kind`` is a swatch (done, soft, c2, band, plan, request …)."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart ready for ``{% chart figure %}``.

    ``title`` and ``note`` (measure, unit, period) are the caption; ``finding`` is the sentence read out;
    ``headers`` and ``rows`` are the data shown by 「表で見る」.
    """

    title: str
    note: str
    finding: str
    spec: Mapping[str, Any]
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]
    key: Sequence[KeyEntry] = ()
    stretch: bool = False
    left: Sequence[str] = ()
    below: Sequence[str] = ()
    heat: Sequence[str] = ()
    segments: Sequence[Segment] = field(default_factory=tuple)

    @property
    def svg(self) -> str:
        """The picture for a page."""
        return themed_svg(self.spec, label=self.finding, stretch=self.stretch)

    @property
    def paper(self) -> str:
        """The picture for a document (a complete SVG in light colours)."""
        return paper_svg(self.spec)


def altair_module() -> Any:
    # Imported on first use: it costs most of a second, and most pages have no chart.
    import altair

    return altair


def specification(chart: Any, *, height: int, width: int = WIDTH, bare: bool = False) -> dict[str, Any]:
    shaped = chart.properties(
        width=width, height=height, padding=0 if bare else {"left": 2, "right": 2, "top": 4, "bottom": 2}
    ).configure(aria=False, font=FONT, background="transparent")
    spec: dict[str, Any] = shaped.configure_view(stroke=None).to_dict()
    return spec
