"""The status words of the whole product (状態の札): one list, each word with its tone and icon.

A new word enters this list first; a word that is not on it warns in an office and fails in a test.
"""

import warnings
from dataclasses import dataclass

from tenshu.ground.ui.tone import Tone


class UnknownWordWarning(RuntimeWarning):
    """A page shows a status word that the list does not know."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One status word. ``icon`` is a name of ``icons.DRAWINGS``."""

    word: str
    tone: Tone
    icon: str


_NEUTRAL, _INFO, _SUCCESS, _WARNING, _DANGER = Tone

#: Where the words are used → the words, in the order of the work.
GROUPS: dict[str, tuple[Chip, ...]] = {
    "票・照会": (
        Chip("未着手", _NEUTRAL, "empty-circle"),
        Chip("入力中", _INFO, "half-circle"),
        Chip("所属長確認中", _INFO, "person"),
        Chip("差戻し", _WARNING, "back"),
        Chip("提出済", _SUCCESS, "check"),
        Chip("確認済", _SUCCESS, "check"),
        Chip("変更なし", _SUCCESS, "check"),
        Chip("該当なし", _NEUTRAL, "dash"),
        Chip("受理済", _SUCCESS, "check"),
        Chip("対象外", _NEUTRAL, "dash"),
        Chip("前回の回答", _WARNING, "clock"),
        Chip("未回答", _NEUTRAL, "empty-circle"),
        Chip("回答済", _SUCCESS, "check"),
    ),
    "照会・質問票": (
        Chip("準備中", _NEUTRAL, "edit"),
        Chip("作成中", _INFO, "half-circle"),
        Chip("開始処理中", _INFO, "half-circle"),
        Chip("受付中", _INFO, "inbox"),
        Chip("締切済", _NEUTRAL, "lock"),
    ),
    "国の調査": (
        Chip("カルテから", _SUCCESS, "check"),
        Chip("未記入あり", _WARNING, "triangle"),
        Chip("手で記入", _NEUTRAL, "edit"),
    ),
    "案件": (
        Chip("受付", _INFO, "inbox"),
        Chip("対応中", _INFO, "half-circle"),
        Chip("聞き取り中", _INFO, "people"),
        Chip("支援中", _INFO, "half-circle"),
        Chip("回答待ち", _NEUTRAL, "pause"),
        Chip("完了", _SUCCESS, "check"),
        Chip("取下げ", _NEUTRAL, "cross"),
        Chip("見送り", _NEUTRAL, "dash"),
    ),
    "会議": (
        Chip("予定", _NEUTRAL, "calendar"),
        Chip("開催済", _SUCCESS, "check"),
        Chip("中止", _NEUTRAL, "cross"),
    ),
    "期限": (
        Chip("期限内", _NEUTRAL, "clock"),
        Chip("期限間近", _WARNING, "clock"),
        Chip("今日まで", _DANGER, "clock"),
        Chip("期限超過", _DANGER, "triangle"),
    ),
    "見張り": (
        Chip("正常", _SUCCESS, "check"),
        Chip("変化あり", _INFO, "eye"),
        Chip("遅延", _WARNING, "clock"),
        Chip("要確認", _WARNING, "triangle"),
        Chip("障害", _DANGER, "octagon"),
        Chip("改ざんの疑い", _DANGER, "octagon"),
        Chip("復旧", _SUCCESS, "back"),
        Chip("終結", _NEUTRAL, "lock"),
        Chip("観測なし", _NEUTRAL, "dash"),
        Chip("保守中", _NEUTRAL, "pause"),
    ),
    "数値・年度": (
        Chip("集計中", _INFO, "half-circle"),
        Chip("締め済", _NEUTRAL, "lock"),
        Chip("確定", _NEUTRAL, "lock"),
        Chip("締め後に差異", _WARNING, "triangle"),
        Chip("古い値", _WARNING, "clock"),
    ),
    "サポート": (
        Chip("1年以内", _NEUTRAL, "clock"),
        Chip("6か月以内", _WARNING, "clock"),
        Chip("終了", _DANGER, "octagon"),
    ),
    "文書": (
        Chip("下書き", _NEUTRAL, "document"),
        Chip("公開中", _SUCCESS, "check"),
        Chip("廃止", _NEUTRAL, "cross"),
    ),
    "取込": (
        Chip("誤り", _DANGER, "triangle"),
        Chip("衝突", _WARNING, "triangle"),
        Chip("変更", _INFO, "edit"),
        Chip("追加", _INFO, "plus"),
        Chip("確かめ中", _INFO, "half-circle"),
        Chip("取込済", _SUCCESS, "check"),
        Chip("取りやめ", _NEUTRAL, "cross"),
        Chip("入れ直し", _NEUTRAL, "back"),
    ),
    "送信": (
        Chip("送信待ち", _NEUTRAL, "clock"),
        Chip("送信中", _INFO, "half-circle"),
        Chip("送信済", _SUCCESS, "check"),
        Chip("送信を確認中", _WARNING, "eye"),
        Chip("送れず", _DANGER, "octagon"),
        Chip("不達", _DANGER, "back"),
        Chip("一時停止", _WARNING, "pause"),
    ),
    "トークン": (
        Chip("有効", _SUCCESS, "check"),
        Chip("期限切れ", _NEUTRAL, "clock"),
    ),
    "ジョブ": (
        Chip("待機中", _NEUTRAL, "clock"),
        Chip("実行中", _INFO, "half-circle"),
        Chip("失敗", _DANGER, "octagon"),
        Chip("取消", _NEUTRAL, "cross"),
        Chip("動作中", _SUCCESS, "check"),
        Chip("停止", _NEUTRAL, "pause"),
        Chip("途絶", _DANGER, "triangle"),
    ),
}

CHIPS: dict[str, Chip] = {chip.word: chip for chips in GROUPS.values() for chip in chips}


def chip_for(word: str) -> Chip:
    """The chip of a status word; an unknown word is shown as a neutral one and warned about."""
    chip = CHIPS.get(word)
    if chip is None:
        # RuntimeWarnings of this package are errors in the test run (pyproject), a log line in an office.
        warnings.warn(
            f"「{word}」は状態の札の一覧（ground/ui/chips.py）にありません。",
            UnknownWordWarning,
            stacklevel=1,
        )
        return Chip(word, Tone.NEUTRAL, "dash")
    return chip


def due_word(days_left: int) -> str:
    """The word for a due date that is ``days_left`` open days ahead (negative: past): 期限内 … 期限超過."""
    if days_left < 0:
        return "期限超過"
    if days_left == 0:
        return "今日まで"
    return "期限間近" if days_left <= 3 else "期限内"
