"""How grave a new fact is, and why, in plain Japanese."""

import re
from collections.abc import Callable

from tenshu.engines.page_scan.addresses import directory_of
from tenshu.engines.page_scan.bench import ALARM_WEIGHT, Bench, Verdict, marks_verdict, outside
from tenshu.engines.page_scan.hiding import TREACHEROUS
from tenshu.engines.page_scan.hosts import Relation, imitated, is_address, relation
from tenshu.engines.page_scan.kinds import Fact, Kind, Level
from tenshu.engines.page_scan.scripts import HIDDEN_WAYS, WEIGHTS

_GENERIC_TEXT = re.compile(
    r"(?:詳し|くわし)?く?は?こちら.?|詳細.?|もっと見る.?|一覧.?|外部リンク|公式サイト|PDF|次へ|戻る|"
    r"read more|more|here",
    re.IGNORECASE,
)
_ACTION_TEXT = re.compile(
    r"申請|申込|申し込|ログイン|予約|支払|納付|納税|申告|手続|寄附|寄付|ダウンロード|登録|購入|注文|"
    r"login|sign ?in|pay",
    re.IGNORECASE,
)
_PICTURE_NAME = re.compile(r"\.(?:png|jpe?g|gif|ico|webp|bmp|txt|pdf|woff2?)(?:\?|$)", re.IGNORECASE)
_UPLOAD_PLACE = re.compile(r"/(?:uploads?|tmp|temp)/|/\.[a-z]", re.IGNORECASE)
_DANGEROUS_PROTOCOLS = ("ms-", "search-ms", "search", "file", "vbscript", "shell", "jar", "ms-appinstaller")


def _external_script(fact: Fact, bench: Bench) -> Verdict:
    if fact.key.startswith(("data:", "blob:")):
        return Verdict(
            Level.CRITICAL, "スクリプトの本体がアドレスの中に埋め込まれています。検査を避ける手口です。"
        )
    host, _, path = fact.key.partition("/")
    if _PICTURE_NAME.search(path):
        return Verdict(
            Level.CRITICAL,
            "画像や文書の名前のファイルが、スクリプトとして読み込まれています。検査を避ける手口です。",
        )
    verdict = outside(host, bench, what="外部スクリプト", new=Level.WARNING)
    if verdict.level is Level.NOTICE and _UPLOAD_PLACE.search(f"/{path}"):
        return Verdict(
            Level.WARNING,
            "利用者が書き込める場所（アップロード先など）のファイルが、スクリプトとして読み込まれています。",
        )
    known_place = directory_of(fact.key) in bench.known.directories
    if relation(host, bench.site.site) is Relation.OUTSIDE and host in bench.known.active and not known_place:
        return Verdict(
            Level.WARNING,
            f"{host} は学習済みですが、置き場所 {directory_of(fact.key)} は初めてです。"
            "だれでも置ける配信サービスでは、置き場所が違えば持ち主も違います。",
        )
    return verdict


def _inline_script(fact: Fact, bench: Bench) -> Verdict:
    if fact.family and bench.site.is_volatile(fact.family):
        return Verdict(
            Level.NOTICE, "学習期間にも毎回変わっていた種類のスクリプトです。接続先と特徴は学習時と同じです。"
        )
    return marks_verdict(fact.traits)


def _handler(fact: Fact, bench: Bench) -> Verdict:
    automatic = "automatic" in fact.traits
    weight = sum(WEIGHTS.get(trait, 0) for trait in fact.traits)
    verdict = marks_verdict(fact.traits, 2 if automatic and weight else 0)
    if "drawing" in fact.traits and not verdict.level.is_alarm:
        return Verdict(
            Level.WARNING,
            "図形要素に、自動で動くスクリプトが付けられています。入力検査をすり抜ける手口です。",
        )
    return verdict


def _script_body(fact: Fact, bench: Bench) -> Verdict:
    family = fact.family
    if family in bench.site.families:
        known = set(bench.site.marks.get(family, ()))
        added = tuple(trait for trait in fact.traits if trait not in known)
        verdict = marks_verdict(added, 1 if added else 0)
        if verdict.level.is_alarm:
            return Verdict(
                verdict.level,
                "学習済みのスクリプトファイルの中身に、不正の特徴が加わりました。" + verdict.reason,
            )
        level = Level.INFO if bench.site.is_volatile(family) else Level.NOTICE
        return Verdict(
            level, "学習済みのスクリプトファイルの中身が変わりました。新しい不正の特徴はありません。"
        )
    return marks_verdict(fact.traits)


def _script_host(fact: Fact, bench: Bench) -> Verdict:
    way = fact.traits[0]
    sends = "sends" in fact.traits
    if fact.key in bench.known.active:
        return Verdict(Level.INFO, f"スクリプトに、学習済みの接続先 {fact.key} が書かれています。")
    if way in HIDDEN_WAYS:
        return Verdict(Level.CRITICAL, f"スクリプトの中に、符号化して隠された接続先 {fact.key} があります。")
    if fact.key in bench.known.linked and way == "plain":
        return Verdict(Level.NOTICE, f"普段からリンクしている {fact.key} が、スクリプトにも書かれています。")
    if not sends or way == "bare":
        return Verdict(
            Level.NOTICE,
            f"スクリプトに新しいホスト名 {fact.key} がありますが、通信する処理は見当たりません。",
        )
    return outside(fact.key, bench, what="スクリプトの接続先", new=Level.WARNING, by_owner=False)


def _account(fact: Fact, bench: Bench) -> Verdict:
    known = bench.site.families.get(fact.family, [])
    if known and not bench.site.is_volatile(fact.family):
        return Verdict(
            Level.WARNING,
            f"同じ計測タグの識別番号が {known[0]} から {fact.key} に替わっています。"
            "他人の番号に替えると、任意のスクリプトを配れます。",
        )
    return Verdict(Level.INFO, f"スクリプトに識別番号 {fact.key} があります。")


def _worker(fact: Fact, bench: Bench) -> Verdict:
    return Verdict(
        Level.WARNING,
        "サービスワーカーが登録されました。閲覧者の端末に残り、以後の通信をすべて書き換えられます。",
    )


def _frame(fact: Fact, bench: Bench) -> Verdict:
    if "data" in fact.traits:
        return Verdict(
            Level.CRITICAL, "フレームの中身がアドレスの中に埋め込まれています。検査を避ける手口です。"
        )
    host = fact.key.split(" ")[0].split("/")[0]
    verdict = outside(host, bench, what="埋込みフレーム", new=Level.WARNING)
    if "hidden" in fact.traits and verdict.level.is_alarm:
        return Verdict(Level.CRITICAL, "見えない大きさのフレームです。" + verdict.reason)
    if "hidden" in fact.traits and relation(host, bench.site.site) is Relation.SELF:
        return Verdict(
            Level.WARNING, "自サイト内の別のページを、見えない大きさのフレームで読み込んでいます。"
        )
    return verdict


def _form_action(fact: Fact, bench: Bench) -> Verdict:
    if fact.key.startswith("/") or fact.key == "mailto":
        return Verdict(Level.NOTICE, f"フォームの送信先 {fact.key} が新しく現れました。")
    return outside(fact.key, bench, what="フォームの送信先", new=Level.CRITICAL, by_owner=False)


def _form_secret(fact: Fact, bench: Bench) -> Verdict:
    target = fact.key.split(" ")[0]
    if not target.startswith(("/", "(", "mailto")):
        return Verdict(
            Level.CRITICAL, f"暗証やカード番号などの入力欄が新しく現れ、外部の {target} へ送られます。"
        )
    return Verdict(Level.WARNING, f"暗証やカード番号などの入力欄が新しく現れました（送信先 {target}）。")


def _base(fact: Fact, bench: Bench) -> Verdict:
    return outside(fact.key, bench, what="base 要素（全リンクの起点）", new=Level.CRITICAL)


def _refresh(fact: Fact, bench: Bench) -> Verdict:
    if "://" not in fact.key:
        return Verdict(Level.NOTICE, f"自サイト内の {fact.key} へ自動で移動するようになりました。")
    scheme, _, host = fact.key.partition("://")
    if scheme not in ("http", "https"):
        return Verdict(Level.CRITICAL, f"{scheme}: へ自動で移動します。")
    return outside(host, bench, what="自動転送", new=Level.CRITICAL, by_owner=False)


def _hidden_link(fact: Fact, bench: Bench) -> Verdict:
    if fact.key in bench.known.linked:
        return Verdict(
            Level.INFO, f"普段からリンクしている {fact.key} へのリンクが、見えない場所にもあります。"
        )
    others = [new for new in bench.new if new.kind is Kind.HIDDEN_LINK and new.key not in bench.known.linked]
    sly = any(TREACHEROUS.intersection(new.traits) for new in others)
    spam = any(new.kind is Kind.TEXT_SPAM for new in bench.new)
    count = len(others)
    if count >= 8 or (sly and count >= 3):
        return Verdict(
            Level.CRITICAL,
            f"見えない場所に、学習していない外部サイト {count} 件へのリンクがあります（検索順位の操作）。",
        )
    if sly or spam or count >= 3:
        return Verdict(
            Level.WARNING, f"見えない場所に、学習していない外部サイト {count} 件へのリンクがあります。"
        )
    return Verdict(Level.NOTICE, f"閉じたメニュー等に、新しい外部サイト {fact.key} へのリンクがあります。")


def _link_host(fact: Fact, bench: Bench) -> Verdict:
    if (other := imitated(fact.key, bench.known.owners)) is not None:
        return Verdict(Level.WARNING, f"リンク先の {fact.key} は、{other} に似せた名前です。")
    if is_address(fact.key):
        return Verdict(Level.WARNING, f"リンク先がホスト名のない番号 {fact.key} です。")
    page = bench.site.pages.get(bench.path)
    for text, host in bench.link_texts:
        known = page.links.get(text, []) if page and host == fact.key else []
        if known and host not in known and len(known) < 3 and not _GENERIC_TEXT.fullmatch(text):
            level = Level.WARNING if "" in known or _ACTION_TEXT.search(text) else Level.NOTICE
            old = known[0] or "自サイト内"
            return Verdict(level, f"「{text}」という同じ文字のリンク先が、{old} から {host} に替わりました。")
    return Verdict(Level.INFO, f"新しい外部サイト {fact.key} へのリンクです。")


def _download(fact: Fact, bench: Bench) -> Verdict:
    sort, _, target = fact.key.partition(" ")
    if sort == "protocol":
        if target.startswith(_DANGEROUS_PROTOCOLS):
            return Verdict(Level.CRITICAL, f"端末のプログラムを起動するリンク（{target}）です。")
        return Verdict(Level.NOTICE, f"別のアプリを開くリンク（{target}）です。")
    if target == "data:":
        return Verdict(
            Level.CRITICAL, "リンクの中にファイルの本体が埋め込まれています。検査を避ける手口です。"
        )
    host = target.split("/")[0]
    inside = relation(host, bench.site.site) is not Relation.OUTSIDE
    if sort == "program":
        level = Level.WARNING if inside or host in bench.known.linked else Level.CRITICAL
        return Verdict(level, f"実行できるプログラム {target} が新しく配られています。")
    if sort in ("archive", "macro") and host not in bench.known.linked:
        label = "圧縮ファイル" if sort == "archive" else "マクロ付き文書"
        return Verdict(Level.WARNING, f"学習していない外部の {host} から{label}が配られています。")
    return Verdict(Level.INFO, f"外部の {host} の文書へのリンクです。")


def _stylesheet(fact: Fact, bench: Bench) -> Verdict:
    if fact.key == "self":
        return Verdict(Level.INFO, "自サイトのスタイルシートです。")
    return outside(fact.key, bench, what="スタイルシート", new=Level.WARNING)


def _canonical(fact: Fact, bench: Bench) -> Verdict:
    return outside(fact.key.partition(" ")[2], bench, what="正規 URL の指定", new=Level.WARNING)


def _image_host(fact: Fact, bench: Bench) -> Verdict:
    return Verdict(
        Level.NOTICE if is_address(fact.key) else Level.INFO, f"新しい外部ホスト {fact.key} の画像です。"
    )


def _policy(fact: Fact, bench: Bench) -> Verdict:
    directive, _, source = fact.key.partition(" ")
    page = bench.site.pages.get(bench.path)
    if page is None or not page.policies:
        return Verdict(Level.INFO, "コンテンツセキュリティポリシーが初めて付きました。")
    active = directive in (
        "script-src",
        "script-src-elem",
        "default-src",
        "form-action",
        "frame-src",
        "object-src",
        "base-uri",
        "connect-src",
    )
    if active and source in ("*", "'unsafe-inline'", "'unsafe-eval'", "data:", "blob:", "http:", "https:"):
        return Verdict(
            Level.WARNING, f"コンテンツセキュリティポリシーが緩められました（{directive} に {source}）。"
        )
    host = source.split("://")[-1].split("/")[0].split(":")[0].removeprefix("*.")
    if active and "." in host and host not in bench.known.active and not bench.knows_owner(host):
        return Verdict(
            Level.WARNING,
            f"コンテンツセキュリティポリシーの {directive} に、学習していない {host} が加わりました。",
        )
    return Verdict(Level.INFO, f"コンテンツセキュリティポリシーの {directive} が変わりました。")


def _text(fact: Fact, bench: Bench) -> Verdict:
    label = {
        Kind.TEXT_DEFACEMENT: "改ざんを誇示する",
        Kind.TEXT_SPAM: "不正な広告とみられる",
        Kind.TEXT_LURE: "危険な操作へ誘う",
    }[fact.kind]
    if "cautioned" in fact.traits:
        return Verdict(Level.INFO, f"{label}文言がありますが、注意喚起や解説の中とみられます。")
    weight = sum(_text_weight(new) for new in bench.new if new.kind is fact.kind)
    if weight >= ALARM_WEIGHT:
        level = Level.WARNING if fact.kind is Kind.TEXT_SPAM else Level.CRITICAL
        return Verdict(level, f"{label}文言が本文に現れました。")
    return Verdict(Level.NOTICE, f"{label}文言に似た語があります。")


def _text_weight(fact: Fact) -> int:
    if "cautioned" in fact.traits:
        return 0
    return next((int(trait[7:]) for trait in fact.traits if trait.startswith("weight:")), 0)


def _language(fact: Fact, bench: Bench) -> Verdict:
    page = bench.site.pages.get(bench.path)
    if page is not None and page.languages:
        return Verdict(
            Level.WARNING, f"本文の主な言語が {'・'.join(page.languages)} から {fact.key} に変わりました。"
        )
    return Verdict(Level.INFO, f"本文の主な言語は {fact.key} です。")


def _redirect(fact: Fact, bench: Bench) -> Verdict:
    return outside(fact.key, bench, what="転送先", new=Level.CRITICAL, by_owner=False)


def _cloaking(fact: Fact, bench: Bench) -> Verdict:
    return Verdict(
        Level.WARNING, f"「{fact.key.removeprefix('text ')}」の閲覧者にだけ、まったく違う本文が返されます。"
    )


def _signature(fact: Fact, bench: Bench) -> Verdict:
    named = next((trait[9:] for trait in fact.traits if trait.startswith("severity:")), "warning")
    level = Level(named) if named in set(Level) else Level.WARNING
    return Verdict(level, f"YARA ルール {fact.key} に一致しました。")


def _sri_missing(fact: Fact, bench: Bench) -> Verdict:
    had = bench.site.facts.get(f"{Kind.SRI_PRESENT}|{bench.path}|{fact.key}")
    if had is not None and had.holds(bench.on):
        return Verdict(Level.WARNING, f"{fact.key} の整合性検証（integrity 属性）が外されました。")
    return Verdict(Level.INFO, "整合性検証のないスクリプトです。")


def _sri_changed(fact: Fact, bench: Bench) -> Verdict:
    prefix = f"{bench.path}|{fact.key.partition(' ')[0]} "
    if any(key.startswith(prefix) for key in bench.site.keys_of(Kind.SRI_CHANGED, bench.on)):
        return Verdict(
            Level.WARNING,
            "同じアドレスのスクリプトの整合性検証の値が替わりました（版が同じなのに中身が違う）。",
        )
    return Verdict(Level.INFO, "整合性検証の値です。")


def _sri_present(fact: Fact, bench: Bench) -> Verdict:
    return Verdict(Level.INFO, "整合性検証が付きました。")


_JUDGES: dict[Kind, Callable[[Fact, Bench], Verdict]] = {
    Kind.EXTERNAL_SCRIPT: _external_script,
    Kind.INLINE_SCRIPT: _inline_script,
    Kind.SCRIPT_BODY: _script_body,
    Kind.SCRIPT_HOST: _script_host,
    Kind.SCRIPT_ACCOUNT: _account,
    Kind.SERVICE_WORKER: _worker,
    Kind.FRAME: _frame,
    Kind.FORM_ACTION: _form_action,
    Kind.FORM_SECRET: _form_secret,
    Kind.BASE: _base,
    Kind.REFRESH: _refresh,
    Kind.HANDLER: _handler,
    Kind.SCRIPT_URL: _inline_script,
    Kind.HIDDEN_LINK: _hidden_link,
    Kind.LINK_HOST: _link_host,
    Kind.DOWNLOAD: _download,
    Kind.STYLESHEET: _stylesheet,
    Kind.CANONICAL: _canonical,
    Kind.IMAGE_HOST: _image_host,
    Kind.CSP: _policy,
    Kind.SRI_MISSING: _sri_missing,
    Kind.SRI_PRESENT: _sri_present,
    Kind.SRI_CHANGED: _sri_changed,
    Kind.REDIRECT: _redirect,
    Kind.TEXT_DEFACEMENT: _text,
    Kind.TEXT_SPAM: _text,
    Kind.TEXT_LURE: _text,
    Kind.TEXT_LANGUAGE: _language,
    Kind.CLOAKING: _cloaking,
    Kind.SIGNATURE: _signature,
}


def judge(fact: Fact, bench: Bench) -> Verdict:
    """Level and reason of a fact that the site's learnt set does not know."""
    if bench.site.is_rejected(fact, bench.path):
        return Verdict(Level.CRITICAL, "不許可と判断された内容が、また現れています。")
    return _JUDGES[fact.kind](fact, bench)
