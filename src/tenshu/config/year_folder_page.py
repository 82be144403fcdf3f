"""Writes docs/year-folder.md from the tables themselves, so that the page never drifts from the code.

Run: ``python -m tenshu.config.year_folder_page > docs/year-folder.md``.
"""

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenshu.ground.exchange import ColumnSpec, YearFile

INTRODUCTION = """# 年度フォルダ

一年の記録を、事務所がふだん持っている Excel・CSV のまま置くフォルダです。`tenshu load-year フォルダ` で読み込みます。

- 全部の表を一度に調べ、誤りがあれば「ファイル!シート!セル」で**すべて**並べ、何も取り込みません。
- 誤りがなければ、全部を一つのまとまりとして取り込みます。途中で止まっても、半分だけ入ることはありません。
- 同じフォルダを二度読み込んでも、何も変わりません。直した行だけが変わります。
- 行がなくなっていても、記録は消しません。消せる表には「削除」と「理由」の列があります。
- 見出しで列を見分けるので、列の順番は自由です。全角・半角、和暦・西暦、▲、約、以上はそのまま書けます。
- この一覧にないファイルは読まずに、名前だけを知らせます。

見本は `examples/reference-year/` にあります。
"""

KINDS = {
    "TextColumn": "文字（1行）",
    "LongTextColumn": "文字（何行でも）",
    "CodeColumn": "番号・記号",
    "IntegerColumn": "整数",
    "DecimalColumn": "小数",
    "YenColumn": "金額",
    "DateColumn": "日付（和暦も可）",
    "TimeColumn": "時刻（14:00）",
    "BooleanColumn": "はい・いいえ",
    "FiscalYearColumn": "年度（R5 など）",
    "ChoiceColumn": "選択",
    "MultipleChoiceColumn": "選択（いくつでも）",
    "ReferenceColumn": "ほかの表の番号・名称",
    "HeadCountColumn": "人数（約20、163以上 も可）",
}


def page() -> str:
    """The whole page as Markdown."""
    from tenshu.ground.exchange.registry import year_files

    return "\n".join([INTRODUCTION, *(line for file in year_files() for line in _file(file))]) + "\n"


def _file(file: "YearFile") -> Iterator[str]:
    spec = file.spec
    keys = "、".join(spec.column(name).header for name in spec.key)
    yield f"## {file.path}"
    yield ""
    yield f"シート「{file.sheet or spec.title}」。1行は{spec.noun}1件。行を見分ける列：{keys}。"
    yield ""
    yield "| 列 | 入れるもの | 必ず | 説明 |"
    yield "|---|---|---|---|"
    for column in spec.columns:
        yield f"| {column.heading} | {_kind(column)} | {'○' if column.required else ''} | {_note(column)} |"
    if spec.removable:
        yield "| 削除 | はい・いいえ | | ○を付けた行の記録を消す |"
        yield "| 理由 | 文字（1行） | | 削除する理由 |"
    yield ""


def _kind(column: "ColumnSpec") -> str:
    for cls in type(column).__mro__:
        if cls.__name__ in KINDS:
            return KINDS[cls.__name__]
    raise LookupError(f"{type(column).__name__} has no Japanese name in KINDS")


def _note(column: "ColumnSpec") -> str:
    offered = " / ".join(word for word in column.offered() if word)
    also = f"「{'」「'.join(column.also)}」という見出しでもよい" if column.also else ""
    return "。".join(part for part in (column.help, offered, also) if part)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenshu.config.settings")
    import django

    django.setup()
    sys.stdout.write(page())
