"""Where the packaged Japanese fonts lie: typst and the charts use these and never the machine's own."""

from importlib.resources import files
from pathlib import Path


def font_folders() -> list[Path]:
    """The folders of Noto Sans CJK JP regular and bold."""
    return [Path(str(files(package))) for package in ("noto_cjk_sans_jp_regular", "noto_cjk_sans_jp_bold")]
