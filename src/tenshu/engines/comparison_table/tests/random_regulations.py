"""Random regulations and random edits of them, with what a comparison must find out."""

import random
from dataclasses import dataclass, field

WORDS = [
    "情報資産",
    "管理責任者",
    "所属長",
    "記録媒体",
    "端末",
    "電子計算機",
    "通信回線",
    "権限",
    "認証符号",
    "委託先",
    "監査",
    "自己点検",
    "研修",
    "障害",
    "復旧計画",
    "暗号鍵",
    "個人情報",
    "住民",
    "申請書",
    "台帳",
    "閲覧",
    "複製",
    "保管庫",
    "入退室",
    "予備機",
    "連絡網",
    "外部記憶装置",
    "利用者識別番号",
    "年度計画",
    "評価結果",
    "改善措置",
    "契約書",
]
JOINS = ["の", "を", "に", "及び", "は、", "又は", "に係る", "その他の", "に関する", "並びに"]
ENDS = ["しなければならない。", "するものとする。", "することができる。", "してはならない。"]
FULL = "０１２３４５６７８９"


def sentence(source: random.Random, least: int = 6, most: int = 16) -> str:
    """A sentence of random words, long enough that two of them are not alike by chance."""
    count = source.randint(least, most)
    return "".join(source.choice(WORDS) + source.choice(JOINS) for _ in range(count)) + source.choice(ENDS)


@dataclass
class Article:
    """An article of the model: identity, caption, paragraphs, items of the first paragraph."""

    identity: int
    caption: str
    paragraphs: list[str]
    items: list[str]


@dataclass
class Edited:
    """Old and new model and the true identities of what was changed."""

    old: list[Article]
    new: list[Article]
    reworded: set[int] = field(default_factory=set)


def random_model(source: random.Random, count: int) -> list[Article]:
    """``count`` articles with different captions."""
    articles: list[Article] = []
    for identity in range(count):
        caption = f"（{source.choice(WORDS)}の{source.choice(WORDS)}）" if source.random() < 0.9 else ""
        paragraphs = [sentence(source) for _ in range(source.choice([1, 1, 2, 3]))]
        items = [sentence(source, 3, 6) for _ in range(source.choice([0, 0, 0, 2, 4]))]
        articles.append(Article(identity, caption, paragraphs, items))
    return articles


def random_edits(source: random.Random, old: list[Article]) -> Edited:
    """Some articles deleted, added, moved, reworded; captions changed; items and paragraphs added."""
    new = [Article(a.identity, a.caption, list(a.paragraphs), list(a.items)) for a in old]
    edited = Edited(old, new)
    for _ in range(source.randint(1, max(1, len(old) // 4))):
        kind = source.choice(["delete", "add", "reword", "paragraph", "item", "move", "caption"])
        if kind == "add" or not new:
            identity = 10_000 + source.randrange(10**6)
            caption = f"（新{source.choice(WORDS)}の{source.choice(WORDS)}）"
            new.insert(source.randint(0, len(new)), Article(identity, caption, [sentence(source)], []))
            continue
        at = source.randrange(len(new))
        article = new[at]
        if kind == "delete" and len(new) > 2:
            del new[at]
        elif kind == "reword":
            which = source.randrange(len(article.paragraphs))
            article.paragraphs[which] = article.paragraphs[which].replace(
                "。", "。ただし、緊急の場合は、この限りでない。"
            )
        elif kind == "move":
            new.insert(source.randint(0, len(new) - 1), new.pop(at))
        elif kind == "caption":
            article.caption = f"（改{source.choice(WORDS)}）"
        elif kind == "paragraph":
            article.paragraphs.insert(source.randint(1, len(article.paragraphs)), sentence(source))
        elif kind == "item":
            article.items.insert(source.randint(0, len(article.items)), sentence(source, 3, 6))
    return edited


def number(value: int, style: str) -> str:
    """Notation of a number: ``full``, ``half``, or ``mixed`` (one digit full width, more half width)."""
    if style == "half" or (style == "mixed" and value > 9):
        return str(value)
    return "".join(FULL[int(d)] for d in str(value))


def printed(articles: list[Article], style: str = "mixed") -> str:
    """The model as a regulation."""
    lines = ["試験規程"]
    for at, article in enumerate(articles, 1):
        if article.caption:
            lines.append(article.caption)
        lines.append(f"第{number(at, style)}条　{article.paragraphs[0]}")
        lines.extend(f"({k})　{item}" for k, item in enumerate(article.items, 1))
        lines.extend(f"{number(k, style)}　{text}" for k, text in enumerate(article.paragraphs[1:], 2))
    lines += ["附　則", "この規程は、令和５年４月１日から施行する。"]
    return "\n".join(lines) + "\n"
