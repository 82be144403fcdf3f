"""The command line: facts, learn, compare, decide, rules."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from tenshu.engines.page_scan.comparing import compare
from tenshu.engines.page_scan.documents import PageCopy, PageCopyError, find_copies, load_copy
from tenshu.engines.page_scan.fetching import FetchError, fetch_copy
from tenshu.engines.page_scan.kinds import KIND_LABELS
from tenshu.engines.page_scan.learned import LearnedState, StateError, Status, fact_key
from tenshu.engines.page_scan.reading import PageReading, read_page
from tenshu.engines.page_scan.rule_gate import FILE_LIMIT, RULE_LIMIT, check_rules
from tenshu.engines.page_scan.sample_pages import sample_page
from tenshu.engines.page_scan.signatures import SignatureError, Signatures

ALARM_EXIT, FAULT_EXIT = 3, 2


def build_parser() -> argparse.ArgumentParser:
    """The argument parser, with help texts in Japanese."""
    parser = argparse.ArgumentParser(
        prog="python -m tenshu.engines.page_scan",
        description="ウェブページの改ざんと不正なスクリプトを見つけます。",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="コマンド")

    facts = commands.add_parser("facts", help="ページの動く部分（事実）を JSON で示す")
    facts.add_argument("page", help="HTML ファイル、ページの写しのフォルダー、または URL")
    facts.add_argument("--url", default="", help="HTML ファイルの本来の URL")
    facts.add_argument("--rules", type=Path, help="合わせて走査する YARA ルール")
    facts.add_argument("--referrer", default="", help="取得時に名乗る参照元")
    facts.add_argument("--agent", default="", help="取得時に名乗るブラウザー名")
    facts.add_argument("--allow-private", action="store_true", help="内部のアドレスからの取得を許す")

    learn = commands.add_parser("learn", help="ページの写しを正常として学習する")
    learn.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="ページの写しのフォルダー")
    learn.add_argument("--state", type=Path, required=True, help="学習状態のファイル（なければ作る）")
    learn.add_argument("--site", default="", help="HTML ファイルのサイトのホスト名（既定: フォルダー名）")
    _add_day(learn)

    comparing = commands.add_parser(
        "compare", help="学習状態と比べ、見つけたことを JSON で示す（警報があれば終了コード 3）"
    )
    comparing.add_argument("before", type=Path, metavar="BEFORE", help="前回の写し")
    comparing.add_argument("after", type=Path, metavar="AFTER", help="今回の写し")
    comparing.add_argument("--state", type=Path, required=True, help="学習状態のファイル")
    comparing.add_argument("--url", default="", help="HTML ファイルの本来の URL")
    comparing.add_argument("--rules", type=Path, help="合わせて走査する YARA ルール")
    _add_day(comparing)

    decide = commands.add_parser("decide", help="事実を許可または不許可とする")
    decide.add_argument("decision", choices=["approve", "reject"], help="approve 許可、reject 不許可")
    decide.add_argument("keys", nargs="+", metavar="KEY", help="見つけたことの keys にあるキー")
    decide.add_argument("--state", type=Path, required=True, help="学習状態のファイル")
    decide.add_argument("--site", required=True, help="サイトのホスト名")
    decide.add_argument("--by", required=True, help="判断した人")
    decide.add_argument("--reason", required=True, help="理由")
    decide.add_argument("--until", type=date.fromisoformat, help="期限（例 2027-03-31）")
    _add_day(decide)

    rules = commands.add_parser("rules", help="YARA ルールの検査")
    actions = rules.add_subparsers(dest="action", required=True, metavar="操作")
    check = actions.add_parser(
        "check", help="ルールの警告と費用を測り、使ってよいかを示す（不可なら終了コード 3）"
    )
    check.add_argument("rules", type=Path, help="YARA ルールのファイル")
    check.add_argument("--pages", type=Path, help="費用を測るページのフォルダー（既定: 作り物の 60 ページ）")
    check.add_argument(
        "--file-limit",
        type=float,
        default=FILE_LIMIT,
        help=f"ファイル全体の上限（µs/ページ、既定 {FILE_LIMIT:.0f}）",
    )
    check.add_argument(
        "--rule-limit",
        type=float,
        default=RULE_LIMIT,
        help=f"1 ルールの上限（µs/ページ、既定 {RULE_LIMIT:.0f}）",
    )
    return parser


def _add_day(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--on", type=date.fromisoformat, default=date.today(), help="観測日（既定: 今日）")


def _print(document: object) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def describe(reading: PageReading) -> dict[str, object]:
    """A reading as plain values for JSON."""
    return {
        "url": reading.url,
        "site": reading.site,
        "digest": reading.digest,
        "truncated": reading.truncated,
        "facts": [
            {
                "kind": fact.kind.value,
                "kind_label": KIND_LABELS[fact.kind],
                "key": fact_key(fact, reading.path),
                "traits": list(fact.traits),
                "evidence": fact.evidence,
            }
            for fact in reading.facts
        ],
        "pictures": {name: picture._asdict() for name, picture in reading.pictures.items()},
        "views": {label: describe(view) for label, view in reading.views},
    }


def _signatures(path: Path | None) -> Signatures | None:
    return Signatures.from_file(path) if path else None


def _facts(arguments: argparse.Namespace) -> int:
    if arguments.page.startswith(("http://", "https://")):
        copy = fetch_copy(
            arguments.page,
            referrer=arguments.referrer,
            agent=arguments.agent,
            allow_private=arguments.allow_private,
        )
    else:
        copy = load_copy(Path(arguments.page), url=arguments.url)
    _print(describe(read_page(copy, _signatures(arguments.rules))))
    return 0


def _learn(arguments: argparse.Namespace) -> int:
    state = LearnedState.load(arguments.state) if arguments.state.exists() else LearnedState()
    copies: list[PageCopy] = []
    for folder in arguments.folders:
        copies += find_copies(folder, site=arguments.site, observed=arguments.on)
    if not copies:
        raise PageCopyError(f"{arguments.folders[0]}: ページの写し（page.json または *.html）がありません")
    counts: dict[str, dict[str, int]] = {}
    for number, copy in enumerate(copies, start=1):
        new = state.site(copy.site).learn(read_page(copy), copy.observed or arguments.on)
        count = counts.setdefault(copy.site, {"pages": 0, "new_facts": 0})
        count["pages"] += 1
        count["new_facts"] += new
        if number % 500 == 0 or number == len(copies):
            sys.stderr.write(f"学習 {number}/{len(copies)} ページ\n")
    state.save(arguments.state)
    _print({"state": str(arguments.state), "sites": counts})
    return 0


def _compare(arguments: argparse.Namespace) -> int:
    state = LearnedState.load(arguments.state)
    before = load_copy(arguments.before, url=arguments.url)
    after = load_copy(arguments.after, url=arguments.url or ("" if arguments.after.is_dir() else before.url))
    if after.site not in state.sites:
        raise StateError(
            f"{arguments.state}: サイト {after.site} はまだ学習していません（--url を確かめてください）"
        )
    result = compare(state, after, before=before, on=arguments.on, signatures=_signatures(arguments.rules))
    _print(result.as_dict())
    return ALARM_EXIT if result.alarms else 0


def _decide(arguments: argparse.Namespace) -> int:
    state = LearnedState.load(arguments.state)
    status: Status = "approved" if arguments.decision == "approve" else "rejected"
    for key in arguments.keys:
        state.site(arguments.site).decide(
            key, status, arguments.on, by=arguments.by, reason=arguments.reason, until=arguments.until
        )
    state.save(arguments.state)
    _print({"state": str(arguments.state), "site": arguments.site, "status": status, "keys": arguments.keys})
    return 0


def _report(done: int, total: int) -> None:
    if done % 50 == 0 or done == total:
        sys.stderr.write(f"測定 {done}/{total} ルール\n")


def _rules(arguments: argparse.Namespace) -> int:
    try:
        source = arguments.rules.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SignatureError(f"{arguments.rules}: ルールファイルを読み込めません（{error}）") from error
    pages = (
        [copy.body for copy in find_copies(arguments.pages)]
        if arguments.pages
        else [sample_page(number) for number in range(60)]
    )
    report = check_rules(
        source,
        pages,
        origin=str(arguments.rules),
        file_limit=arguments.file_limit,
        rule_limit=arguments.rule_limit,
        progress=_report,
    )
    _print(report.as_dict())
    return 0 if report.accepted else ALARM_EXIT


_COMMANDS = {"facts": _facts, "learn": _learn, "compare": _compare, "decide": _decide, "rules": _rules}


def main(arguments: list[str] | None = None) -> int:
    """Run one command. Returns 0, 2 on faulty input (message on standard error), 3 when there is an alarm."""
    parsed = build_parser().parse_args(arguments)
    try:
        return _COMMANDS[parsed.command](parsed)
    except (PageCopyError, StateError, SignatureError, FetchError) as error:
        sys.stderr.write(f"エラー: {error}\n")
        return FAULT_EXIT
