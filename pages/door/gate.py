"""The gate: ASGI middleware around everything. Without a session no page, no websocket, no upload, no download.

Streamlit's own endpoints know sessions of browsers, not people; so the gate remembers whose each of them is. It strips every header of
ours that a client sends and puts in its own; pages ask it again for each message, so that a role that changes counts from the next one.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from typing import Any
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.door import interface
from pages.door.caller import PERSON, bearer_of, demo_is_open, host_is_ours, same_origin, token_of
from pipelines.access import sessions, tokens
from pipelines.access.permissions import may
from pipelines.access.person import VISITOR, Person
from pipelines.errors import MeridianError
from pipelines.health import metrics
from pipelines.settings import settings
from pipelines.store import Store

HEADER = "x-meridian-session"
OURS = "x-meridian-"
OPEN = "open"
"""What the header says for a visitor of the open demo."""
FREE = frozenset({"/ready", "/metrics", "/_stcore/health"})
"""Paths that need no session, beside the sign-in's own and ``ASSETS``. Whoever is added is named in full: a beginning frees too much.
``/metrics`` looks by itself who asks."""
ASSETS = "/assets/"
HIDDEN = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent", "/_stcore/mcp", "/openapi.json")
"""Endpoints of the server that nobody from outside needs, wherever they stand in an address."""
INTERFACE = "/api/"
"""Where programmes ask: the only place where a token is worth anything."""
UPLOAD = "/_stcore/upload_file/"
PING = "/_stcore/host-config"
"""What a page asks before it opens its socket anew; nothing of it is secret."""
TOLD = (400, 403, 413)
"""Statuses that are a try to pass where one may not; who is not signed in is only led to the sign-in."""
REVOKED = 4401
QUOTA = 400 * 1024**2
"""Bytes that one session may lay into the server's memory by uploads."""
LOOK = 1.0
"""Seconds between two looks whether a session behind an open socket still lives."""
FIRST = 12
"""The number of a browser's session stands in one of the first messages that it gets."""
MOST = 50_000
"""Browser sessions that are remembered; then the oldest is forgotten, and uploads into it are refused."""
ENDED = "/signin?out=ended"
"""Where a browser is led whose session ended while a page was open."""
told = logging.getLogger("meridian.gate")


class Gate:
    """Everything passes here: see the module's text. ``free`` are further paths that need no session."""

    stands = False
    """Whether this process serves through a gate. Where none stands, no header says anything (``parts/people.py``)."""

    def __init__(self, app: ASGIApp, free: frozenset[str] = frozenset()) -> None:
        Gate.stands = True
        self.app, self.free = app, FREE | free
        self.owners: dict[str, str] = {}
        """Streamlit's session → digest of ours."""
        self.uploaded: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        known, person = _who(headers, scope)
        scope["headers"] = [(name, word) for name, word in scope["headers"] if not name.lower().startswith(OURS.encode())]
        scope[PERSON] = person
        if person is not None:
            scope["headers"].append((HEADER.encode(), known.encode()))
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send, headers, known, person)
            return
        if refusal := self._refusal(scope, headers, known, person):
            if refusal.status_code in TOLD:
                told.warning("refused with %s: %s %r, %s", refusal.status_code, scope["method"], scope["path"], _named(scope, person))
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers, known: str, person: Person | None) -> Response | None:
        """The answer to a request that may not pass; None for one that may."""
        path: str = scope["path"]
        if path != f"{interface.ROOT}/openapi.json" and any(hidden in path for hidden in HIDDEN):
            return PlainTextResponse("not found", 404)
        if not host_is_ours(headers):
            return PlainTextResponse("this is not the address of Meridian", 400)
        if path in self.free or path.startswith(ASSETS):
            return None
        if person is None and path.startswith(INTERFACE):
            return interface.problem(MeridianError("P100"))
        if person is None:
            if path == PING and _lapsed(headers):
                return None
            if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
                return RedirectResponse(f"/signin?next={quote(_address(scope))}", 303)
            return _refused("P100", "sign in first: load the page again", 401)
        if UPLOAD in path:
            return self._upload_refusal(scope["method"], path.partition(UPLOAD)[2], headers, known, person)
        return None

    def _upload_refusal(self, method: str, place: str, headers: Headers, known: str, person: Person) -> Response | None:
        """Files come from who may hand in, into a browser session of their own, and not without end."""
        if not may(person, "upload"):
            return _refused("P101", "your role may not upload", 403)
        if self.owners.get(place.split("/")[0]) != known:
            return _refused("P104", "this is not your session", 403)
        told_size = headers.get("content-length", "0" if method != "PUT" else "")
        if not told_size.isascii() or not told_size.isdigit():
            return _refused("P106", "say how many bytes are coming", 411)
        size = int(told_size)
        if self.uploaded.get(known, 0) + size > QUOTA:
            return _refused("P105", "too many bytes in one session", 413)
        _keep(self.uploaded, known, self.uploaded.get(known, 0) + size)
        return None

    async def _socket(self, scope: Scope, receive: Receive, send: Send, headers: Headers, known: str, person: Person | None) -> None:
        ours = host_is_ours(headers) and same_origin(headers)
        if person is None or not ours or not self._resumes_own(headers, known):
            await receive()
            if not ours or person is not None:
                told.warning("refused: a socket that names %r as its origin, %s", headers.get("origin"), _named(scope, person))
            if ours and person is None and _lapsed(headers):
                await send({"type": "websocket.accept", "subprotocol": _protocol(headers)})
                await _lead_to_the_sign_in(send)
            await send({"type": "websocket.close", "code": REVOKED})
            return
        watched = _Watched(self, known, receive, send)
        try:
            await self.app(scope, watched.receive, watched.send)
        finally:
            watched.end()

    def _resumes_own(self, headers: Headers, known: str) -> bool:
        """A browser may name an earlier session to go on with: its own only."""
        named = [word.strip() for word in headers.get("sec-websocket-protocol", "").split(",")]
        return len(named) < 3 or not named[2] or self.owners.get(named[2], known) == known


class _Watched:
    """An open socket: asked for its person at every message, and looked at in between."""

    def __init__(self, gate: Gate, known: str, receive: Receive, send: Send) -> None:
        self.gate, self.known, self._receive, self._send = gate, known, receive, send
        self.over = asyncio.Event()
        self.sent = 0
        self.task = asyncio.create_task(self._look()) if known != OPEN else None

    async def receive(self) -> Message:
        waiting = [asyncio.ensure_future(self._receive()), asyncio.ensure_future(self.over.wait())]
        done, rest = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for one in rest:
            one.cancel()
        if self.over.is_set():
            return {"type": "websocket.disconnect", "code": REVOKED}
        message: Message = done.pop().result()
        if message["type"] == "websocket.receive" and not await self._alive(touch=True):
            return await self._close()
        return message

    async def send(self, message: Message) -> None:
        if self.sent < FIRST and message.get("bytes"):
            self.sent += 1
            if session := _session_in(message["bytes"]):
                _keep(self.gate.owners, session, self.known)
                self.sent = FIRST
        if not self.over.is_set():
            await self._send(message)

    async def _look(self) -> None:
        while not self.over.is_set():
            await asyncio.sleep(LOOK)
            if not await self._alive(touch=False):
                await self._close()

    async def _alive(self, *, touch: bool) -> bool:
        """Whether there still is somebody behind it. Where that cannot be told, there is not."""
        try:
            return self.known == OPEN or sessions.person_behind(_store(), self.known, touch=touch) is not None
        except sqlite3.Error as error:
            told.error("a session could not be looked up: %s", error)
            return False

    async def _close(self) -> Message:
        if not self.over.is_set():
            self.over.set()
            await _lead_to_the_sign_in(self._send)
            await self._send({"type": "websocket.close", "code": REVOKED})
        return {"type": "websocket.disconnect", "code": REVOKED}

    def end(self) -> None:
        self.over.set()
        if self.task:
            self.task.cancel()


async def _lead_to_the_sign_in(send: Send) -> None:
    """The last message of a socket whose session has ended: the browser goes to the sign-in, and comes back to this page from there."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    message = ForwardMsg()
    message.auth_redirect.url = ENDED
    await send({"type": "websocket.send", "bytes": message.SerializeToString()})


def _keep(known: dict[str, Any], name: str, what: Any) -> None:
    """Notes something under a name, and forgets what is oldest where there is too much."""
    known.pop(name, None)
    known[name] = what
    if len(known) > MOST:
        del known[next(iter(known))]


def _session_in(content: bytes) -> str | None:
    """The browser session that a message of the server begins."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    message = ForwardMsg.FromString(content)
    return message.new_session.initialize.session_id if message.HasField("new_session") else None


def _refused(code: str, why: str, status: int) -> Response:
    """The answer to a script of the browser that may not: no page shows it."""
    metrics.refusal(code)
    return JSONResponse({"code": code, "why": why}, status)


def _who(headers: Headers, scope: Scope) -> tuple[str, Person | None]:
    """The digest of the session and its person; in the open demo a visitor; else nobody."""
    if scope["type"] == "http" and scope["path"].startswith(INTERFACE) and (sent := bearer_of(headers)) is not None:
        return "", tokens.person_of(_store(), sent)
    token = token_of(headers)
    if token and (person := sessions.person_of(_store(), token)):
        return sessions.digest(token), person
    return (OPEN, VISITOR) if demo_is_open(headers, scope) else ("", None)


def _lapsed(headers: Headers) -> bool:
    token = token_of(headers)
    return bool(token) and sessions.lapsed(_store(), token or "")


def _protocol(headers: Headers) -> str | None:
    """What the socket talks: the first of what the browser offers."""
    return headers.get("sec-websocket-protocol", "").split(",")[0].strip() or None


def _named(scope: Scope, person: Person | None) -> str:
    """Who asks, for a line of the log."""
    return f"{person.id if person else 'nobody'} at {(scope.get('client') or ('?',))[0]}"


def _address(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return scope["path"] + (f"?{query}" if query else "")


def _store() -> Store:
    return Store(settings().store)
