"""Lines of the process log without personal data: as text, or as JSON for a collector (TENSHU_LOG_FORMAT=json).

What is never written: messages of exceptions (a database quotes the row that it refuses), arguments of other
people's log calls (Django logs paths and headers), query strings, names, addresses.
"""

import datetime
import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any

type ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

_MAIL = re.compile(r"[^\s@<>\"'（）「」]+@[^\s@<>\"'（）「」]+")
_request_id: ContextVar[str] = ContextVar("tenshu_log_request_id", default="")
_FIELDS = ("method", "route", "status", "ms")


@contextmanager
def about_request(request_id: str) -> Iterator[None]:
    """Every line written inside carries ``request_id``."""
    token = _request_id.set(request_id)
    try:
        yield
    finally:
        _request_id.reset(token)


def safe_message(record: logging.LogRecord) -> str:
    """What the line says. Of foreign loggers only the template: what they put in may be a path or a header.

    Of what Django refuses (``django.security.DisallowedHost``) nothing but that name: its template quotes the header.
    """
    own = record.name == "tenshu" or record.name.startswith("tenshu.")
    if not own and (record.name.startswith("django.security.") or not isinstance(record.msg, str)):
        return ""
    return _MAIL.sub("[mail]", record.getMessage() if own else str(record.msg))


def safe_traceback(info: ExcInfo) -> str:
    """The exceptions' classes and the lines of code, from the cause to the last: no message, no value."""
    lines: list[str] = []
    error = info[1]
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        places = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        lines = [f"{type(error).__module__}.{type(error).__qualname__}", *places, *lines]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(lines)


class LineFormatter(logging.Formatter):
    """One line of text: time, level, logger, request, message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; a traceback follows on lines of its own."""
        parts = [_time(record), record.levelname, record.name]
        parts += [_request_id.get()] if _request_id.get() else []
        fields = " ".join(f"{name}={getattr(record, name)}" for name in _FIELDS if hasattr(record, name))
        # On one line, whatever is told: nobody writes lines of his own into the log.
        parts += [text for text in (" ".join(safe_message(record).splitlines()), fields) if text]
        line = " ".join(parts)
        return f"{line}\n{safe_traceback(record.exc_info)}" if record.exc_info else line


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, request_id, method, route, status, ms, traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The object on one line."""
        found: dict[str, Any] = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": safe_message(record),
            "process": record.process,
        }
        if _request_id.get():
            found["request_id"] = _request_id.get()
        found |= {name: getattr(record, name) for name in _FIELDS if hasattr(record, name)}
        if record.exc_info:
            found["traceback"] = safe_traceback(record.exc_info)
        return json.dumps(found, ensure_ascii=False, default=str)


def _time(record: logging.LogRecord) -> str:
    at = datetime.datetime.fromtimestamp(record.created, tz=datetime.UTC).astimezone()
    return at.isoformat(timespec="milliseconds")


def configuration(shape: str, level: str) -> dict[str, Any]:
    """The value of ``LOGGING``. ``shape`` is line or json; with json every request is a line."""
    formatter = JsonFormatter if shape == "json" else LineFormatter
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"safe": {"()": formatter}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "safe"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers would write paths beside ours, and mail tracebacks.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            "tenshu.requests": {"level": "INFO" if shape == "json" else "WARNING"},
        },
    }
