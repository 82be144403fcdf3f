"""House styles (新旧対照表の体裁) as data: column order, labels, 略, underlines, brackets, notes."""

import tomllib
from dataclasses import dataclass, fields, replace
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from .model import RegulationError

Underline = Literal["single", "double", "none"]


@dataclass(frozen=True, slots=True)
class HouseStyle:
    """How one body prints its comparison tables. Every member can be set in a TOML file.

    Sources of the conventions: docs/engines/comparison_table.md.
    """

    name: str = "標準"
    new_on_left: bool = True
    stage: Literal["enacted", "draft"] = "enacted"
    enacted_titles: tuple[str, str] = ("改正後", "改正前")  # new, old
    draft_titles: tuple[str, str] = ("改正案", "現行")
    extra_columns: tuple[str, ...] = ()
    automatic_remarks: bool = False
    added_label: str = "（新設）"
    deleted_label: str = "（削る）"
    omission: str = "略"
    omission_gap: str = "　"
    two_joint: str = "及び"
    run_joint: str = "～"
    articles_omitted: Literal["run", "silent"] = "run"
    renumbered_in_runs: bool = True
    headings: bool = True
    captions: bool = True
    underline: Underline = "single"
    added_mark_underline: Underline = "single"
    pad: bool = False
    changed_cells: Literal["underline", "border"] = "underline"
    lead: str = ""
    notes: str = ""

    @property
    def titles(self) -> tuple[str, str]:
        """Titles of the (new, old) columns at the present stage."""
        return self.enacted_titles if self.stage == "enacted" else self.draft_titles


_BUILT_IN = ("standard", "old_left", "explained", "ministry", "plain")


def built_in_styles() -> dict[str, HouseStyle]:
    """The styles that come with the engine, by name of file."""
    folder = resources.files("tenshu.engines.comparison_table") / "styles"
    return {
        name: style_from(tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")), f"{name}.toml")
        for name in _BUILT_IN
    }


def load_style(name: str) -> HouseStyle:
    """A built-in style by name, or a TOML file by path."""
    if name in _BUILT_IN:
        return built_in_styles()[name]
    path = Path(name)
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        known = "、".join(_BUILT_IN)
        raise RegulationError(f"体裁「{name}」がありません。組込みの体裁: {known}") from error
    except tomllib.TOMLDecodeError as error:
        raise RegulationError(f"{path.name}: TOMLとして読めません: {error}") from error
    return style_from(values, path.name)


def style_from(values: dict[str, Any], source: str = "") -> HouseStyle:
    """A style from plain values; unknown names and wrong types are refused."""
    style = HouseStyle()
    known = {f.name for f in fields(HouseStyle)}
    for name, value in values.items():
        if name not in known:
            raise RegulationError(f"{source}: 体裁の項目「{name}」はありません。")
        default = getattr(style, name)
        given = tuple(value) if isinstance(value, list) else value
        if type(given) is not type(default):
            raise RegulationError(f"{source}: 体裁の項目「{name}」の値の型が違います（例: {default!r}）。")
        if name in _CHOICES and given not in _CHOICES[name]:
            raise RegulationError(
                f"{source}: 体裁の項目「{name}」は{'、'.join(_CHOICES[name])}のいずれかです。"
            )
        given_values: dict[str, Any] = {name: given}
        style = replace(style, **given_values)
    return style


_CHOICES: dict[str, tuple[str, ...]] = {
    "stage": ("enacted", "draft"),
    "articles_omitted": ("run", "silent"),
    "underline": ("single", "double", "none"),
    "added_mark_underline": ("single", "double", "none"),
    "changed_cells": ("underline", "border"),
}
