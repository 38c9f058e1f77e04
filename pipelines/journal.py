"""The journal: what a process tells of itself on its standard error, one line an event, as JSON for machines or as text for people.

It is not the log of the store: the log is the truth and is kept; the journal is for whoever looks for a fault, and may be thrown away.
Modules write with Python's own ``logging`` under a name that begins with "meridian", and lay beside the sentence what is in ``FIELDS``.
Nothing else gets out: no password, no token, no cell, no name of a person; of an exception its kind and its lines, never its words,
as these quote what somebody sent. No text can begin a line of its own.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from pathlib import Path
from typing import Any, Literal

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, merge_contextvars
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name
from structlog.types import EventDict

ROOT = Path(__file__).resolve().parent.parent
OURS = "meridian"
FIELDS = ("request_id", "person", "method", "path", "page", "status", "ms", "job", "kind", "code", "error")
"""What a line may tell: ids of request and job, the account of a person, milliseconds, the code of a fault, the number of a bug."""
PLAIN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
DEEPEST = 30
"""Lines told of an exception, the innermost ones."""


def begin(form: Literal["json", "text"]) -> None:
    """From here on this process tells what it does. Libraries are heard from warnings on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(form))
    handler.addFilter(_heard)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(OURS).setLevel(logging.INFO)
    gather()


def _heard(record: logging.LogRecord) -> bool:
    """Whether a line is written at all. Of a library the bare sentence is: what it puts into its braces may be somebody's cell."""
    if record.name.partition(".")[0] == OURS:
        return True
    record.args = ()
    return record.levelno >= logging.WARNING


def gather() -> None:
    """Libraries that write in a form of their own write here instead: their words pass the same sieve."""
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        if logger.handlers:
            logger.handlers.clear()
            logger.propagate = True


def about(**told: Any) -> None:
    """What every further line of this thread, or of this request, tells as well: names out of ``FIELDS``."""
    bind_contextvars(**told)


def anew(**told: Any) -> None:
    """As ``about``, and nothing of what was told before."""
    clear_contextvars()
    bind_contextvars(**told)


def formatter(form: Literal["json", "text"]) -> logging.Formatter:
    """Turns a record into its line."""
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True, key="time")
    chain: list[Any] = [merge_contextvars, add_log_level, add_logger_name, ExtraAdder(FIELDS), stamp, _exception]
    last = structlog.processors.JSONRenderer(ensure_ascii=False) if form == "json" else _as_text
    return ProcessorFormatter(foreign_pre_chain=chain, processors=[_sieved, last])


def _exception(_: Any, __: str, event: EventDict) -> EventDict:
    """The kind of an exception and where it came through."""
    told = event.pop("exc_info", None)
    error = told[1] if isinstance(told, tuple) else None
    if error is not None:
        event["exception"] = type(error).__qualname__
        frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
        event["at"] = [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def _short(file: str) -> str:
    """A path within the product or within a library; the rest says where this machine keeps them."""
    path = Path(file)
    if "site-packages" in path.parts:
        return path.as_posix().rpartition("site-packages/")[2]
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def _sieved(_: Any, __: str, event: EventDict) -> EventDict:
    """In this order, and every sign that could begin a line, or move a terminal, spelled out."""
    order = ("time", "level", "logger", "event", *FIELDS, "exception", "at")
    return {"message" if name == "event" else name: _plain(event[name]) for name in order if event.get(name) is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return PLAIN.sub(lambda found: f"\\u{ord(found.group()):04x}", value)
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _as_text(_: Any, __: str, event: EventDict) -> str:
    time, level, logger, message = (event.pop(name, "") for name in ("time", "level", "logger", "message"))
    return " ".join([f"{time} {level:8}{logger}: {message}", *(f"{name}={value!r}" for name, value in event.items())])
