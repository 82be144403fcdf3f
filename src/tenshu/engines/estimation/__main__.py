"""Command line: ``python -m tenshu.engines.estimation``."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from . import (
    Cell,
    InputError,
    Settings,
    crossover,
    difference_of_shares,
    estimate_trial,
    pooled_standard,
    prices_from,
    smallest_visible_change,
    standardised_rate,
    trial_data,
    wilson,
)
from .reading import fingerprint, read_csv, read_toml


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (0 done, 2 bad input)."""
    parser = argparse.ArgumentParser(
        prog="estimation", description="調査と利用記録から効果を推計し、割合を区間付きで示します。"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    _trial_options(commands.add_parser("trial", help="AI試行の効果（年間の削減時間）を推計する"))
    share = commands.add_parser("wilson", help="割合のWilson信頼区間")
    share.add_argument("hits", type=int, help="該当した数")
    share.add_argument("count", type=int, help="全体の数")
    share.add_argument("--against", type=int, nargs=2, metavar=("HITS", "COUNT"), help="比べる割合")
    visible = commands.add_parser("visible-change", help="2回の割合の差として見分けられる最小の変化")
    visible.add_argument("--rate", type=float, required=True, help="1回目の割合（0～1）")
    visible.add_argument("--first", type=int, required=True, help="1回目の人数")
    visible.add_argument("--second", type=int, required=True, help="2回目の人数")
    visible.add_argument("--power", type=float, default=0.8, help="検出力")
    visible.add_argument("--alpha", type=float, default=0.05, help="有意水準")
    standard = commands.add_parser("standardise", help="難易度をそろえた率（訓練の比較）")
    standard.add_argument("file", type=Path, help="CSV: group, difficulty, hits, count")
    for command in commands.choices.values():
        command.add_argument("--out", type=Path, help="書き出す先（JSON）。なければ標準出力")
    options = parser.parse_args(arguments)
    run = {"trial": _trial, "wilson": _wilson, "visible-change": _visible, "standardise": _standardise}
    try:
        value = run[options.command](options)
        text = json.dumps(value, ensure_ascii=False, indent=1)
        if options.out is None:
            print(text)
        else:
            options.out.write_text(text, encoding="utf-8")
    except (InputError, OSError) as error:
        print(f"エラー: {error}", file=sys.stderr)
        return 2
    return 0


def _trial_options(parser: argparse.ArgumentParser) -> None:
    for name, text in (("survey", "調査の回答"), ("usage", "利用記録"), ("staff", "職員")):
        parser.add_argument(f"--{name}", type=Path, required=True, help=f"{text}（CSV）")
    parser.add_argument("--substudy", type=Path, help="無作為化した比較試験（CSV）")
    parser.add_argument("--costs", type=Path, help="費用（TOML）")
    defaults = Settings()
    parser.add_argument("--wave", default=defaults.wave, help="推計に使う調査の回（既定は最後の回）")
    parser.add_argument("--weeks", type=float, default=defaults.weeks, help="1年の勤務週数")
    parser.add_argument("--strata", type=int, default=defaults.strata, help="利用量の層の数の上限")
    parser.add_argument("--replicates", type=int, default=defaults.replicates, help="再標本の反復数")
    parser.add_argument("--seed", type=int, default=defaults.seed, help="乱数の種")
    parser.add_argument("--minimum", type=int, default=defaults.least, help="表示する最小の回答数")
    parser.add_argument("--cut-off", default="", help="データの基準日")


def _trial(options: argparse.Namespace) -> dict[str, Any]:
    tables = {
        "staff": read_csv(options.staff, ("person", "division")),
        "usage": read_csv(options.usage, ("person", "calls")),
        "survey": read_csv(options.survey, ("person", "saved_lo", "saved_hi")),
    }
    paths = {"staff": options.staff, "usage": options.usage, "survey": options.survey}
    files = {name: path.name for name, path in paths.items()}
    data = trial_data(tables["staff"], tables["usage"], tables["survey"], files=files)
    settings = Settings(
        wave=options.wave,
        weeks=options.weeks,
        strata=options.strata,
        replicates=options.replicates,
        seed=options.seed,
        least=options.minimum,
        cut_off=options.cut_off,
    )
    substudy = None
    if options.substudy:
        tables["substudy"] = read_csv(
            options.substudy, ("person", "first", "minutes_with", "minutes_without")
        )
        paths["substudy"] = options.substudy
        substudy = crossover(
            tables["substudy"],
            replicates=settings.replicates,
            seed=settings.seed,
            file=options.substudy.name,
        )
    prices = prices_from(read_toml(options.costs), options.costs.name) if options.costs else None
    result = estimate_trial(
        data,
        settings,
        prices=prices,
        substudy=substudy,
        progress=lambda step, done, whole: print(f"{step} {done}/{whole}", file=sys.stderr),
    ).to_dict()
    result["figure"]["inputs"] = [fingerprint(paths[name], tables[name]) for name in tables]
    return result


def _wilson(options: argparse.Namespace) -> dict[str, Any]:
    try:
        value = asdict(wilson(options.hits, options.count))
        if options.against:
            first = (options.hits, options.count)
            value["difference"] = asdict(difference_of_shares(first, tuple(options.against)))
    except ValueError as error:
        raise InputError("該当した数は0以上、全体の数以下にしてください。") from error
    return value


def _visible(options: argparse.Namespace) -> dict[str, Any]:
    try:
        return dict(
            smallest_visible_change(
                options.rate, options.first, options.second, alpha=options.alpha, power=options.power
            )
        )
    except ValueError as error:
        raise InputError("割合は0と1の間、人数は2以上、有意水準は検出力より小さくしてください。") from error


def _standardise(options: argparse.Namespace) -> dict[str, Any]:
    table = read_csv(options.file, ("group", "difficulty", "hits", "count"))
    groups: dict[str, list[Cell]] = {}
    for row, (group, difficulty, hits, count) in enumerate(
        zip(table["group"], table["difficulty"], table["hits"], table["count"], strict=True), 2
    ):
        if not (hits.isdecimal() and count.isdecimal() and int(hits) <= int(count)):
            raise InputError(
                f"{options.file.name}: {row}行目 hits・count: 0以上の整数で、該当数は全体の数以下です。"
            )
        groups.setdefault(group, []).append(Cell(difficulty, int(hits), int(count)))
    standard = pooled_standard(list(groups.values()))
    try:
        rates = {group: asdict(standardised_rate(cells, standard)) for group, cells in groups.items()}
    except ValueError as error:
        raise InputError(f"{options.file.name}: 観測のない群があります。") from error
    return {"standard": standard, "groups": rates}


if __name__ == "__main__":
    raise SystemExit(main())
