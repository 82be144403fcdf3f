"""What the API answers when something is wrong: always JSON, with a code for programs and a sentence for people."""

import json
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    ValidationError,
)
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.http.multipartparser import MultiPartParserError

from tenshu.ground.files.refusals import FileRefused

logger = logging.getLogger(__name__)

WORDS = {
    "malformed": (400, "送られた内容を読めません。JSONの書き方を確かめてください。"),
    "unauthenticated": (401, "トークンがないか、使えません。期限と書き方を確かめてください。"),
    "forbidden": (403, "この操作をする権限がありません。"),
    "scope": (403, "このトークンの使える範囲に、この操作は入っていません。"),
    "not-found": (404, "見つかりません。"),
    "method": (405, "このURLではその操作はできません。"),
    "conflict": (409, "ほかの記録とぶつかるため、保存できません。読み直してから試してください。"),
    "changed": (412, "読んだ後に変わっています。読み直してから変えてください。"),
    "too-large": (413, "送られた内容が大きすぎます。"),
    "media-type": (415, "この形式では受け取れません。送る形式の名前を確かめてください。"),
    "invalid": (422, "値の書き方が正しくない項目があります。"),
    "refused": (422, "この内容では保存できません。"),
    "too-many": (429, "回数が多すぎます。しばらく待ってから試してください。"),
    "failed": (500, "思わぬ誤りが起きました。管理者に時刻を伝えてください。"),
}


class ApiProblem(Exception):  # noqa: N818 - an answer, not always an error of ours
    """An answer other than success; ``code`` is one of ``WORDS``."""

    def __init__(
        self,
        code: str,
        message: str = "",
        *,
        fields: Iterable[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status, usual = WORDS[code]
        self.message = message or usual
        self.fields = list(fields)
        self.headers = dict(headers or {})

    def response(self) -> HttpResponse:
        """The answer as JSON."""
        content = {
            "code": self.code,
            "message": self.message,
            "fields": [{"name": name, "message": message} for name, message in self.fields],
        }
        return HttpResponse(
            json.dumps(content, ensure_ascii=False).encode(),
            status=self.status,
            content_type="application/json; charset=utf-8",
            headers=self.headers,
        )


def problem_of(error: Exception) -> ApiProblem:
    """What is answered for ``error``; what nobody foresaw is logged and told without its inside."""
    match error:
        case ApiProblem():
            return error
        case Http404() | ObjectDoesNotExist():
            # The latter: somebody removed the record between its gate and its lock.
            return ApiProblem("not-found")
        case PermissionDenied():
            return ApiProblem("forbidden", str(error))
        case ValidationError():
            return _refused(error)
        case FileRefused():
            return ApiProblem("refused", fields=[("file", error.message)])
        case IntegrityError():
            return ApiProblem("conflict")
        case RequestDataTooBig() | TooManyFieldsSent():
            return ApiProblem("too-large")
        case SuspiciousOperation() | MultiPartParserError():
            return ApiProblem("malformed")
    logger.error("An API request failed.", exc_info=error)
    return ApiProblem("failed")


def _refused(error: ValidationError) -> ApiProblem:
    """The refusal of an action or of a form, field by field."""
    if not hasattr(error, "error_dict"):
        return ApiProblem("refused", " ".join(error.messages))
    general = error.message_dict.get(NON_FIELD_ERRORS, [])
    fields = [
        (name, message)
        for name, messages in error.message_dict.items()
        if name != NON_FIELD_ERRORS
        for message in messages
    ]
    return ApiProblem("refused", " ".join(general), fields=fields)


_SHAPES = {
    "missing": "入れてください。",
    "extra_forbidden": "この名前の項目はありません。",
    "string_type": "文字列にしてください。",
    "string_too_long": "{max_length}字までにしてください。",
    "string_too_short": "{min_length}字以上にしてください。",
    "string_pattern_mismatch": "使えない文字か、形の違う値です。",
    "int_type": "整数にしてください。",
    "int_parsing": "整数にしてください。",
    "bool_type": "true か false にしてください。",
    "literal_error": "次のどれかにしてください：{expected}。",
    "greater_than_equal": "{ge}以上にしてください。",
    "less_than_equal": "{le}以下にしてください。",
    "list_type": "並び（配列）にしてください。",
    "too_long": "{max_length}件までにしてください。",
    "value_error": "{error}",
}


_BRANCH = re.compile(r"(function-|literal\[|list\[|dict\[|constrained-|nullable\[).*|str|int|bool|float")
"""What pydantic writes between the names of fields where a value may be of several kinds."""


def invalid(errors: Sequence[Mapping[str, Any]]) -> ApiProblem:
    """What pydantic found wrong with the shape of a request, in Japanese."""
    fields = []
    for error in errors:
        place = [part for part in map(str, error["loc"][1:]) if not _BRANCH.fullmatch(part)]
        if place[:1] in (["body"], ["query"]):
            place = place[1:]
        words = _SHAPES.get(error["type"], "値の形が正しくありません。")
        known = dict(error.get("ctx", {}))
        if known.get("expected") == "''":
            continue  # the other kinds of the value, of which the field is told beside this one
        if "expected" in known:
            known["expected"] = "、".join(re.split(r", | or ", known["expected"]))
        fields.append((".".join(place), words.format(**known)))
    return ApiProblem("invalid", fields=dict.fromkeys(fields))
