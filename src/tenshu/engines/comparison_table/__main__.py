"""Command line: ``python -m tenshu.engines.comparison_table``."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from . import (
    RegulationError,
    check_document,
    compare_documents,
    load_style,
    read_regulation,
    reference_list,
    to_law_xml,
    write_file,
)

_DESCRIPTION = """例規の新旧対照表を作ります。

  comparison_table 旧 新 --out 対照表.docx [--style 体裁]   新旧対照表（docx xlsx html pdf json、改め文はtxt）
  comparison_table parse ファイル --out tree.json           構造を読み取る（jsonか法令標準XML）
  comparison_table references ファイル                      引用条項の一覧と点検
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 done, 1 reference errors with --strict, 2 bad input)."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if given[:1] == ["parse"]:
            return _parse(given[1:])
        if given[:1] == ["references"]:
            return _references(given[1:])
        return _compare(given)
    except RegulationError as error:
        print(f"エラー: {error}", file=sys.stderr)
        return 2


def _compare(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="comparison_table",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("old", type=Path, help="改正前の例規（txt、docx、法令標準XML）")
    parser.add_argument("new", type=Path, help="改正後の例規")
    parser.add_argument(
        "--out",
        type=Path,
        action="append",
        default=[],
        help="書き出す先（繰り返し可）。なければJSONを標準出力へ",
    )
    parser.add_argument("--style", default="standard", help="体裁: 組込みの名前かTOMLファイル")
    parser.add_argument(
        "--stage", choices=("enacted", "draft"), help="欄の題名: enacted=改正後・改正前、draft=改正案・現行"
    )
    parser.add_argument("--amendments", action="store_true", help="改め文も作る（txtを書き出すときは自動）")
    parser.add_argument(
        "--tracked", choices=("refuse", "accept", "reject"), default="refuse", help="docxの変更履歴の読み方"
    )
    parser.add_argument("--strict", action="store_true", help="引用条項の誤りがあれば終了コード1にする")
    options = parser.parse_args(given)
    style = load_style(options.style)
    if options.stage:
        style = replace(style, stage=options.stage)
    comparison = compare_documents(
        read_regulation(options.old, options.tracked),
        read_regulation(options.new, options.tracked),
        style,
        amendments=options.amendments or any(p.suffix.lower() == ".txt" for p in options.out),
        progress=lambda step, done, whole: print(f"{step} {done}/{whole}", file=sys.stderr),
    )
    for path in options.out:
        write_file(comparison, path)
    if not options.out:
        print(json.dumps(comparison.to_dict(), ensure_ascii=False, indent=1))
    for finding in comparison.findings:
        print(f"引用条項: {finding.place}（{finding.line}行目） {finding.message}", file=sys.stderr)
    wrong = any(f.severity == "error" for f in comparison.findings)
    return 1 if options.strict and wrong else 0


def _parse(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="comparison_table parse", description="例規の構造を読み取ります。")
    parser.add_argument("file", type=Path, help="例規（txt、docx、法令標準XML）")
    parser.add_argument("--out", type=Path, help="書き出す先（json、xml、txt）。なければJSONを標準出力へ")
    parser.add_argument(
        "--tracked", choices=("refuse", "accept", "reject"), default="refuse", help="docxの変更履歴の読み方"
    )
    options = parser.parse_args(given)
    document = read_regulation(options.file, options.tracked)
    tree = json.dumps(document.root.to_dict(), ensure_ascii=False, indent=1)
    if options.out is None:
        print(tree)
        return 0
    forms = {".json": tree.encode(), ".xml": to_law_xml(document), ".txt": document.text().encode()}
    ending = options.out.suffix.lower()
    if ending not in forms:
        raise RegulationError(
            f"書き出せない種類です（{ending or '拡張子なし'}）。json、xml、txtのいずれかにしてください。"
        )
    try:
        options.out.write_bytes(forms[ending])
    except OSError as error:
        raise RegulationError(f"{options.out.name}: 書き込めません（{error.strerror}）。") from error
    return 0


def _references(given: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="comparison_table references", description="引用条項を一覧にし、点検します。"
    )
    parser.add_argument("file", type=Path, help="例規（txt、docx、法令標準XML）")
    parser.add_argument("--strict", action="store_true", help="誤りがあれば終了コード1にする")
    options = parser.parse_args(given)
    document = read_regulation(options.file)
    findings = check_document(document)
    value = {"references": reference_list(document), "findings": [asdict(f) for f in findings]}
    print(json.dumps(value, ensure_ascii=False, indent=1))
    return 1 if options.strict and any(f.severity == "error" for f in findings) else 0


if __name__ == "__main__":
    raise SystemExit(main())
