"""The gate: ASGI middleware around everything. Without a session no page, no websocket, no upload, no download.

Streamlit's own endpoints know sessions of browsers, not people; so the gate remembers whose each of them is. It strips every header of
ours that a client sends and puts in its own; pages ask it again for each message, so that a role that changes counts from the next one.
"""

from __future__ import annotations

import asyncio
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, urlparse

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipelines.access import sessions
from pipelines.access.demo import is_demo
from pipelines.access.permissions import may
from pipelines.access.person import VISITOR, Person
from pipelines.settings import settings
from pipelines.store import Store

HEADER = "x-meridian-session"
OURS = "x-meridian-"
OPEN = "open"
"""What the header says for a visitor of the open demo."""
COOKIE = "__Host-meridian"
"""Only over an encrypted line, or to this very computer (browsers take its own address for safe), and never to scripts."""
FREE = ("/signin", "/signout", "/assets/", "/ready", "/_stcore/health")
"""Paths that need no session."""
HIDDEN = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent", "/_stcore/mcp", "/openapi.json")
"""Endpoints of the server that nobody from outside needs."""
UPLOAD = "/_stcore/upload_file/"
STREAM = "/_stcore/stream"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
REVOKED = 4401
QUOTA = 400 * 1024**2
"""Bytes that one session may lay into the server's memory by uploads."""
LOOK = 1.0
"""Seconds between two looks whether a session behind an open socket still lives."""
FIRST = 12
"""The number of a browser's session stands in one of the first messages that it gets."""


class Gate:
    """Everything passes here: see the module's text."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
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
        if person is not None:
            scope["headers"].append((HEADER.encode(), known.encode()))
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send, headers, known, person)
            return
        if refusal := self._refusal(scope, headers, known, person):
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers, known: str, person: Person | None) -> Response | None:
        """The answer to a request that may not pass; None for one that may."""
        path: str = scope["path"]
        if path.startswith(HIDDEN):
            return PlainTextResponse("not found", 404)
        if not host_is_ours(headers):
            return PlainTextResponse("this is not the address of Meridian", 400)
        if path.startswith(FREE):
            return None
        if person is None:
            if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
                return RedirectResponse(f"/signin?next={quote(_address(scope))}", 303)
            return JSONResponse({"code": "P100", "why": "sign in first"}, 401)
        if path.startswith(UPLOAD):
            return self._upload_refusal(path, headers, known, person)
        return None

    def _upload_refusal(self, path: str, headers: Headers, known: str, person: Person) -> Response | None:
        """Files come from who may hand in, into a browser session of their own, and not without end."""
        if not may(person, "upload"):
            return JSONResponse({"code": "P101", "why": "your role may not upload"}, 403)
        if self.owners.get(path.removeprefix(UPLOAD).split("/")[0]) != known:
            return JSONResponse({"code": "P104", "why": "this is not your session"}, 403)
        size = int(headers.get("content-length") or 0)
        if self.uploaded.get(known, 0) + size > QUOTA:
            return JSONResponse({"code": "P105", "why": "too many bytes in one session"}, 413)
        self.uploaded[known] = self.uploaded.get(known, 0) + size
        return None

    async def _socket(self, scope: Scope, receive: Receive, send: Send, headers: Headers, known: str, person: Person | None) -> None:
        if person is None or not host_is_ours(headers) or not _same_origin(headers) or not self._resumes_own(headers, known):
            await receive()
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
                self.gate.owners[session] = self.known
                self.sent = FIRST
        if not self.over.is_set():
            await self._send(message)

    async def _look(self) -> None:
        while not self.over.is_set():
            await asyncio.sleep(LOOK)
            if not await self._alive(touch=False):
                await self._close()

    async def _alive(self, *, touch: bool) -> bool:
        return self.known == OPEN or sessions.person_behind(_store(), self.known, touch=touch) is not None

    async def _close(self) -> Message:
        if not self.over.is_set():
            self.over.set()
            await self._send({"type": "websocket.close", "code": REVOKED})
        return {"type": "websocket.disconnect", "code": REVOKED}

    def end(self) -> None:
        self.over.set()
        if self.task:
            self.task.cancel()


def _session_in(content: bytes) -> str | None:
    """The browser session that a message of the server begins."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    message = ForwardMsg.FromString(content)
    return message.new_session.initialize.session_id if message.HasField("new_session") else None


def _who(headers: Headers, scope: Scope) -> tuple[str, Person | None]:
    """The digest of the session and its person; in the open demo a visitor; else nobody."""
    token = token_of(headers)
    if token and (person := sessions.person_of(_store(), token)):
        return sessions.digest(token), person
    return (OPEN, VISITOR) if demo_is_open(headers, scope) else ("", None)


def token_of(headers: Headers) -> str | None:
    """The token in the cookie."""
    try:
        jar: SimpleCookie = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return None
    found = jar.get(COOKIE)
    return found.value if found else None


def demo_is_open(headers: Headers, scope: Scope) -> bool:
    """The demo is open for looking at, to a browser on this very computer: no proxy, no other name."""
    client = (scope.get("client") or ("",))[0]
    direct = not any(name in headers for name in FORWARDED)
    return direct and client in LOOPBACK and _host(headers) in LOOPBACK and is_demo(_store())


def host_is_ours(headers: Headers) -> bool:
    """Whether the request names us: this computer, or a name that the configuration allows. Keeps out rebound names."""
    from streamlit import config

    allowed = [name.lower() for name in config.get_option("server.allowedHosts") or []]
    host = _host(headers)
    return host in LOOPBACK or host in allowed or (not allowed and not _loopback_only())


def _loopback_only() -> bool:
    from streamlit import config

    return (config.get_option("server.address") or "") in LOOPBACK


def _host(headers: Headers) -> str:
    try:
        return (urlparse(f"//{headers.get('host', '')}").hostname or "").lower()
    except ValueError:
        return ""


def _same_origin(headers: Headers) -> bool:
    """Browsers name where a socket comes from; what names nothing is no browser and has no cookie of somebody else."""
    origin = headers.get("origin")
    return origin is None or urlparse(origin).netloc == headers.get("host")


def _address(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return scope["path"] + (f"?{query}" if query else "")


def _store() -> Store:
    return Store(settings().store)
