"""The door: an ASGI app around the Streamlit script. Ids, compression, security headers, the gate and its sign-in, static files, /ready.

``streamlit run app.py`` serves it. The script that people see is ``pages/frame.py``; as the main script lies *inside* ``pages/``,
Streamlit's own scan for a ``pages/`` folder finds nothing, and no page can be opened around the frame.
"""

import gc
import sys
from pathlib import Path

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ROOT = Path(__file__).resolve().parent
gc.set_threshold(50_000, 20, 20)  # loading makes many objects and little rubbish: the first page comes a fifth sooner
sys.path.insert(0, str(ROOT)) if str(ROOT) not in sys.path else None

from pages.door import gate, health, interface, opening, rubbish, signin, tracing  # noqa: E402 - found once the folder is on the path
from pipelines import journal  # noqa: E402
from pipelines.settings import settings  # noqa: E402

HEADERS = {
    # Streamlit's own front end needs inline styles and, for Vega and Plotly, evaluated scripts; nothing may come from elsewhere.
    "Content-Security-Policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss: data: blob:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",  # browsers heed it over an encrypted line only
}
A_YEAR = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
NOT_KEPT = "no-store"
SAME_FOR_ALL = ("/assets/", "/static/", "/api/")
"""Where answers hold nothing of anybody's, or say themselves how long they may be kept; everything else stays in no browser."""


class Headers:
    """Sets the security headers on every answer; lets browsers keep what never changes under its name, and nothing of a person's."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if message["status"] == 200 and scope["path"].startswith("/assets/"):
                    headers["Cache-Control"] = A_YEAR if "/fonts/" in scope["path"] else A_DAY
                elif not scope["path"].startswith(SAME_FOR_ALL) and headers.get("Cache-Control") in (None, "no-cache"):
                    headers["Cache-Control"] = NOT_KEPT
            await send(message)

        await self.app(scope, receive, with_headers)


def failed(error: BaseException) -> bool:
    """What a page says when it breaks; the traceback stays in the log."""
    from pages.parts import messages

    return messages.failed(error)


def overview(request: Request) -> Response:
    """The first page answers to its name too; Streamlit knows the default page by "/" only."""
    return RedirectResponse(f"./?{request.url.query}" if request.url.query else "./", status_code=307)


journal.begin(settings().log)
opening.or_stop()
rubbish.spare()
way_in = signin.routes()
free = frozenset(route.path for route in way_in if isinstance(route, Route))
app = st.App(
    ROOT / "pages" / "frame.py",
    routes=[
        Route("/ready", health.ready),
        Route("/metrics", health.measured),
        Route("/overview", overview),
        *way_in,
        *interface.routes(),
        Mount("/assets", StaticFiles(directory=ROOT / "static")),
    ],
    lifespan=health.beating,
    on_script_error=failed,
    middleware=[
        Middleware(tracing.Traced),
        Middleware(Headers),
        Middleware(GZipMiddleware, minimum_size=600, compresslevel=6),
        Middleware(gate.Gate, free),
    ],
)
