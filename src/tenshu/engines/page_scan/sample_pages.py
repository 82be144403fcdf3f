"""Made-up pages in the style of a municipal site, for measuring rules and for benchmarks; any size,
repeatable."""

import random

_WORDS = [
    "市民",
    "税務",
    "福祉",
    "防災",
    "子育て",
    "健康",
    "介護",
    "窓口",
    "申請",
    "届出",
    "講座",
    "募集",
    "入札",
    "契約",
    "広報",
    "統計",
    "道路",
    "公園",
    "水道",
    "ごみ",
    "図書館",
    "学校",
    "保育",
    "消防",
    "議会",
    "選挙",
    "観光",
    "文化財",
    "移住",
    "雇用",
    "環境",
    "農業",
    "商工",
    "手続",
    "証明",
    "年金",
    "国保",
    "届書",
    "期限",
    "相談",
    "予約",
    "会場",
    "定員",
    "参加",
    "無料",
    "受付",
    "時間",
    "電話",
    "担当",
    "課",
]
_SECTIONS = [
    "kurashi",
    "kosodate",
    "bosai",
    "shisei",
    "kanko",
    "jigyosha",
    "kenko",
    "gakko",
    "zeikin",
    "gomi",
]


def sample_page(number: int, *, size: int = 66_000) -> bytes:
    """A page of about ``size`` bytes with a header, menus, news, tables, a form, scripts and frames."""
    dice = random.Random(number)  # noqa: S311
    parts = [
        "<!DOCTYPE html>\n<html lang=ja><head><meta charset=utf-8><title>",
        f"水瀬市 お知らせ {number}</title>",
        '<link rel="stylesheet" href="/css/site.css?v=3.2"><script src="/js/jquery-3.7.1.min.js"></script>',
        '<script src="https://tag.keisoku.example/gtm.js?id=MTM-4K2Q9P"></script>',
        f"<script>window.dataLayer=window.dataLayer||[];var nonce='{dice.randbytes(12).hex()}';",
        "function open_menu(e){e.preventDefault();"
        "document.getElementById('menu').classList.toggle('open');}</script>",
        "</head><body>\n<header><nav>",
    ]
    for section in _SECTIONS:
        parts += [
            f'<a href="/{section}/{leaf}/index.html">{dice.choice(_WORDS)}</a>'
            for leaf in ("a", "b", "c", "d")
        ]
    parts.append(
        "</nav></header>\n<main>\n"
        '<form action="/search" method="get"><input name="q"><button>検索</button></form>\n'
    )
    length = float(sum(map(len, parts)))
    while length < size * 0.60:
        block = _block(dice)
        parts.append(block)
        length += len(block.encode()) * 0.60
    parts.append('<iframe src="https://www.chizu.example/embed?p=1" title="地図"></iframe></main>')
    parts.append(f"<footer>更新 {dice.randrange(10**6)}</footer>")
    parts.append(
        f"<script>var p={{page:'{number}',t:{dice.randrange(10**9)}}};track(p);</script></body></html>"
    )
    return "".join(parts).encode()


def _block(dice: random.Random) -> str:
    text = "".join(dice.choices(_WORDS, k=100))
    section, leaf = dice.choice(_SECTIONS), dice.randrange(100_000)
    outside = (
        f'<a href="https://www.{dice.choice(_SECTIONS)}.example/{leaf}">{dice.choice(_WORDS)}</a>'
        if dice.random() < 0.1
        else ""
    )
    return (
        f'<section class="news" id="n{leaf}"><h2><a href="/{section}/{leaf}.html">{text[:24]}</a></h2>\n'
        f'<p class="date">令和8年{dice.randrange(1, 13)}月</p><p>{text}。</p>{outside}'
        f'<ul><li><a href="/{section}/file/{leaf}.pdf">資料</a></li>'
        f'<li><img src="/img/{leaf}.png" alt="{text[:6]}" style="margin:0"></li></ul>'
        f'<a href="/{section}/" onclick="open_menu(event)">一覧</a></section>\n'
    )
