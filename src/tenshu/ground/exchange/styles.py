"""Cell formats of every workbook that leaves the house."""

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

_FONT = {"font_name": "游ゴシック", "font_size": 11, "valign": "top"}
_LINE = {"border": 1, "border_color": "#D0D0D0"}


class Styles:
    """The formats of one workbook. Locked cells have a grey ground, cells to fill in a white one."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.text = self.make()
        self.wrapped = self.make(text_wrap=True)
        self.date = self.make(num_format="yyyy/m/d")
        self.integer = self.make(num_format="#,##0")
        self.decimal = self.make(num_format="#,##0.##########")
        self.title = self.make(border=0, bold=True, font_size=14)
        self.note = self.make(border=0, font_color="#4D4D4D")
        self.heading = self.make(bold=True, bg_color="#F2F2F2", text_wrap=True, valign="vcenter", bottom=2)
        self.heading_required = self.make(
            bold=True, bg_color="#E8F1FE", text_wrap=True, valign="vcenter", bottom=2, bottom_color="#0017C1"
        )

    def make(self, **options: Any) -> Format:
        """The format with these options over the common ones; the same options give the same format."""
        wanted = {**_FONT, **_LINE, **options}
        key = tuple(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(wanted)
        return self._made[key]
