"""Every request and every socket gets an id: it goes back in a header, along to the page, and onto each line of the journal about it."""

from __future__ import annotations

import logging
import re
import time
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.door.caller import FORWARDED, PERSON
from pipelines import journal

ID = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{7,63}")
QUIET = ("/assets/", "/static/", "/_stcore/health", "/ready", "/metrics", "/favicon")
"""How paths begin whose good answers are not worth a line."""
OPAQUE = ("/_stcore/upload_file/", "/media/")
"""What follows in these paths is a key to somebody's file, and is not told."""
LONGEST = 200
LOG = logging.getLogger("meridian.web")


class Traced:
    """The outermost of our middleware: sees what is refused, too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        request, began, status = named(Headers(scope=scope)), time.perf_counter(), [0]
        journal.anew(request_id=request)
        own = [(name, word) for name, word in scope["headers"] if name.lower() != ID.lower().encode()]
        scope["headers"] = [*own, (ID.lower().encode(), request.encode())]

        async def seen(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                status[0] = message.get("status", 101)
                message.setdefault("headers", [])  # a socket may be let in without any
                MutableHeaders(scope=message).setdefault(ID, request)
            await send(message)

        if scope["type"] == "websocket":
            LOG.info("socket asked for", extra={"path": path_of(scope)})
        try:
            await self.app(scope, receive, seen)
        finally:
            _told(scope, status[0], began)


def named(headers: Headers) -> str:
    """The id that a proxy gave, where it is one; else a new one."""
    given = headers.get(ID, "")
    forwarded = any(name.startswith(FORWARDED) for name in headers)
    return given if forwarded and WELL_FORMED.fullmatch(given) else uuid4().hex


def path_of(scope: Scope) -> str:
    """The path as it may be told: without what was asked for behind it, and without keys."""
    path: str = scope["path"][:LONGEST]
    return next((f"{beginning}…" for beginning in OPAQUE if path.startswith(beginning)), path)


def _told(scope: Scope, status: int, began: float) -> None:
    """The line at the end. A request that never got an answer has broken: 500; a socket that was not let in: 403."""
    http, person = scope["type"] == "http", scope.get(PERSON)
    status = status or (500 if http else 403)
    if status < 400 and http and scope["path"].startswith(QUIET):
        return
    about = {"path": path_of(scope), "status": status, "ms": round((time.perf_counter() - began) * 1000)}
    about |= {"method": scope["method"]} if http else {}
    LOG.info("answered" if http else "socket closed", extra=about | ({"person": person.id} if person else {}))
