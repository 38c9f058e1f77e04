"""Signing in and out: small pages without Streamlit, in both languages. Nothing here says whether an account exists."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlparse

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from pages.door import gate, openid
from pages.parts.people import role
from pipelines.access import people, sessions
from pipelines.access.demo import ACCOUNTS, PASSWORD, is_demo
from pipelines.errors import MeridianError
from pipelines.language import Language, language
from pipelines.settings import settings
from pipelines.store import Store

TEMPLATE = Path(__file__).with_name("signin.html")


async def signin(request: Request) -> Response:
    """The form, and what is sent with it."""
    say = _tongue(request)
    if request.method == "GET":
        return _page(request, say, "signin")
    form = await _form(request)
    if form is None:
        return _page(request, say, "signin", say("The form came from another address and was not accepted."), 403)
    try:
        person = people.check(_store(), form["account"], form["password"], _address(request))
    except MeridianError as error:
        return _page(request, say, "signin", _sentence(error, say), 401)
    return let_in(sessions.open_session(_store(), person.id, _address(request), "password"), form.get("next", "/"), request)


async def first(request: Request) -> Response:
    """A one-time code and a new password."""
    say = _tongue(request)
    if request.method == "GET":
        return _page(request, say, "first")
    form = await _form(request)
    if form is None:
        return _page(request, say, "first", say("The form came from another address and was not accepted."), 403)
    try:
        person = people.redeem(_store(), form["account"], form["code"], form["password"], _address(request))
    except MeridianError as error:
        return _page(request, say, "first", _sentence(error, say), 401)
    return let_in(sessions.open_session(_store(), person.id, _address(request), "code"), "/", request)


async def signout(request: Request) -> Response:
    """Ends the session everywhere, and leads to the sign-in. Only a form of our own may ask for it."""
    if request.method == "GET":
        return _page(request, _tongue(request), "signout")
    if await _form(request) is None:
        return _page(request, _tongue(request), "signout", "", 403)
    token = gate.token_of(request.headers)
    how = sessions.close_session(_store(), token) if token else None
    out = urlencode({"out": how or "1", "lang": _tongue(request).code})
    answer = RedirectResponse(f"/signin?{out}", 303)
    answer.delete_cookie(gate.COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return answer


def let_in(token: str, to: str, request: Request) -> Response:
    """The answer that puts a session into the browser and leads on, to a path of our own only."""
    answer = RedirectResponse(own_path(to), 303)
    answer.set_cookie(gate.COOKIE, token, max_age=int(sessions.ABSOLUTE), path="/", secure=True, httponly=True, samesite="lax")
    return answer


def refusal(request: Request, error: MeridianError, status: int, to: str, tongue: str = "") -> Response:
    """The sign-in page with the sentence that says why not; ``to`` is where one wanted to go."""
    say = language(tongue) if tongue else _tongue(request)
    return _page(request, say, "signin", _sentence(error, say), status, to)


def own_path(to: str) -> str:
    """A path of this server; anything else is the first page."""
    try:
        told = urlparse(to)
    except ValueError:  # "//[" and the like
        return "/"
    own = to.startswith("/") and not to.startswith(("//", "/\\")) and not told.netloc and not told.scheme and "\\" not in to
    return to if own and not told.path.startswith(("/signin", "/signout")) else "/"


def routes() -> list[BaseRoute]:
    """The addresses of this file, and of the university's identity provider where there is one."""
    own: list[BaseRoute] = [
        Route("/signin", signin, methods=["GET", "POST"]),
        Route("/signin/first", first, methods=["GET", "POST"]),
        Route("/signout", signout, methods=["GET", "POST"]),
    ]
    return own + (openid.routes() if openid.configured() else [])


def _page(request: Request, say: Language, kind: str, fault: str = "", status: int = 200, to: str = "") -> Response:
    """One template for the three forms."""
    from jinja2 import Environment, FileSystemLoader

    pages = Environment(loader=FileSystemLoader(TEMPLATE.parent), autoescape=True)
    to, here = own_path(to or request.query_params.get("next", "/")), "/signin" if kind == "signin" else request.url.path
    told: dict[str, Any] = {"kind": kind, "say": say, "fault": fault, "next": to, "out": request.query_params.get("out", "")}
    told |= {"others": [(code, f"{here}?lang={code}&next={quote(to)}") for code in ("en", "tr")], "here": here}
    told |= {"provider": _provider(to, say.code), "demo": _demo_accounts(say), "nobody": not people.everybody(_store())}
    return HTMLResponse(pages.get_template(TEMPLATE.name).render(told), status, headers={"Cache-Control": "no-store"})


def _provider(to: str, tongue: str) -> dict[str, str] | None:
    address = f"/signin/openid?{urlencode({'next': to, 'lang': tongue})}"
    return {"label": openid.label(), "address": address} if openid.configured() else None


def _demo_accounts(say: Language) -> list[tuple[str, str, str]]:
    """The demo's accounts, its published password and what each may do; nothing on anybody's own store."""
    if not is_demo(_store()):
        return []
    return [(account, PASSWORD, role(name, say)) for account, name in ACCOUNTS.items()]


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of a form of our own; None for one that another site sent."""
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site", "same-origin")
    if (origin and urlparse(origin).netloc != request.headers.get("host")) or site not in ("same-origin", "none"):
        return None
    form = await request.form()
    told = {name: str(word)[:2048] for name, word in form.items() if isinstance(word, str)}
    return {"account": "", "password": "", "code": "", "next": "/"} | told


def _sentence(error: MeridianError, say: Language) -> str:
    return f"{error.finding.say('what', say.code)} {error.finding.say('remedy', say.code)}"


def _tongue(request: Request) -> Language:
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "")[:2]
    return language(asked)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _store() -> Store:
    return Store(settings().store)
