"""The kinds of fact a page can show, the levels of a finding, and their Japanese names."""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a fact is about; the value is the first part of its key in the learnt set."""

    EXTERNAL_SCRIPT = "script.external"
    INLINE_SCRIPT = "script.inline"
    SCRIPT_BODY = "script.body"
    SCRIPT_HOST = "script.host"
    SCRIPT_ACCOUNT = "script.account"
    SERVICE_WORKER = "service_worker"
    FRAME = "frame"
    FORM_ACTION = "form.action"
    FORM_SECRET = "form.secret"  # noqa: S105
    BASE = "base"
    REFRESH = "refresh"
    HANDLER = "handler"
    SCRIPT_URL = "script_url"
    HIDDEN_LINK = "hidden.link"
    LINK_HOST = "link.host"
    DOWNLOAD = "download"
    STYLESHEET = "stylesheet"
    CANONICAL = "canonical"
    IMAGE_HOST = "image.host"
    CSP = "csp"
    CSP_LOST = "csp.lost"
    SRI_MISSING = "sri.missing"
    SRI_PRESENT = "sri.present"
    SRI_CHANGED = "sri.changed"
    REDIRECT = "redirect"
    TEXT_DEFACEMENT = "text.defacement"
    TEXT_SPAM = "text.spam"
    TEXT_LURE = "text.lure"
    TEXT_LANGUAGE = "text.language"
    TEXT_CHANGED = "text.changed"
    TEMPLATE_LOST = "template.lost"
    IMAGE = "image"
    CLOAKING = "cloaking"
    SIGNATURE = "signature"


class Level(StrEnum):
    """Severity of a finding (情報・注意・警告・重大); warning and critical are alarms."""

    INFO = "info"
    NOTICE = "notice"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def is_alarm(self) -> bool:
        """Whether somebody must look at it now."""
        return self in (Level.WARNING, Level.CRITICAL)

    @property
    def rank(self) -> int:
        """0 (information) to 3 (critical)."""
        return _ORDER.index(self)


_ORDER = [Level.INFO, Level.NOTICE, Level.WARNING, Level.CRITICAL]

LEVEL_LABELS: dict[Level, str] = {
    Level.INFO: "情報",
    Level.NOTICE: "注意",
    Level.WARNING: "警告",
    Level.CRITICAL: "重大",
}

KIND_LABELS: dict[Kind, str] = {
    Kind.EXTERNAL_SCRIPT: "外部スクリプト",
    Kind.INLINE_SCRIPT: "ページ内スクリプト",
    Kind.SCRIPT_BODY: "スクリプトファイルの中身",
    Kind.SCRIPT_HOST: "スクリプトの接続先",
    Kind.SCRIPT_ACCOUNT: "計測タグの識別番号",
    Kind.SERVICE_WORKER: "サービスワーカー",
    Kind.FRAME: "埋込みフレーム",
    Kind.FORM_ACTION: "フォームの送信先",
    Kind.FORM_SECRET: "暗証・カード番号等の入力欄",
    Kind.BASE: "base 要素",
    Kind.REFRESH: "meta refresh による転送",
    Kind.HANDLER: "イベント属性",
    Kind.SCRIPT_URL: "javascript: で始まるリンク",
    Kind.HIDDEN_LINK: "見えない外部リンク",
    Kind.LINK_HOST: "外部リンク先",
    Kind.DOWNLOAD: "ダウンロードファイル",
    Kind.STYLESHEET: "スタイルシート",
    Kind.CANONICAL: "正規 URL・マニフェスト",
    Kind.IMAGE_HOST: "外部の画像",
    Kind.CSP: "コンテンツセキュリティポリシー",
    Kind.CSP_LOST: "コンテンツセキュリティポリシーの消失",
    Kind.SRI_MISSING: "整合性検証（SRI）の欠落",
    Kind.SRI_PRESENT: "整合性検証（SRI）",
    Kind.SRI_CHANGED: "整合性検証（SRI）の値",
    Kind.REDIRECT: "転送先",
    Kind.TEXT_DEFACEMENT: "改ざん声明の文言",
    Kind.TEXT_SPAM: "不正広告の文言",
    Kind.TEXT_LURE: "操作を誘導する詐欺の文言",
    Kind.TEXT_LANGUAGE: "本文の言語",
    Kind.TEXT_CHANGED: "本文の変更",
    Kind.TEMPLATE_LOST: "ページの骨組みの消失",
    Kind.IMAGE: "画像の差替え",
    Kind.CLOAKING: "閲覧元による表示の出し分け",
    Kind.SIGNATURE: "YARA ルールの一致",
}

PAGE_SCOPED = frozenset(
    {
        Kind.SCRIPT_BODY,
        Kind.SRI_MISSING,
        Kind.SRI_PRESENT,
        Kind.SRI_CHANGED,
        Kind.TEXT_DEFACEMENT,
        Kind.TEXT_SPAM,
        Kind.TEXT_LURE,
        Kind.TEXT_LANGUAGE,
        Kind.SIGNATURE,
    }
)
"""Kinds that are learnt for one page; every other kind is learnt for the whole site."""


class Fact(NamedTuple):
    """One thing a page shows.

    ``key`` identifies it within its kind (a host, a path, a masked hash); ``evidence`` is a short piece
    of the
    source; ``traits`` are the marks that weigh in the judgement; ``family`` groups values of which a site may
    legitimately show ever new ones (it then becomes volatile while it is learnt).
    """

    kind: Kind
    key: str
    evidence: str = ""
    traits: tuple[str, ...] = ()
    family: str = ""
