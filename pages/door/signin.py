"""Signing in and out: small pages without Streamlit, in both languages. Nothing here says whether an account exists."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlparse

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from pages.door import caller, forms, openid
from pages.parts.people import role
from pipelines.access import people, sessions
from pipelines.access.demo import ACCOUNTS, PASSWORD
from pipelines.access.person import Person
from pipelines.errors import MeridianError
from pipelines.health import metrics
from pipelines.language import Language, spoken
from pipelines.settings import settings
from pipelines.store import Store

if TYPE_CHECKING:
    from jinja2 import Template

WORKERS = ThreadPoolExecutor(4, "signin")
NOT_OURS = 403
TEMPLATE = Path(__file__).with_name("signin.html")


async def signin(request: Request) -> Response:
    """The form, and what is sent with it."""
    say = _tongue(request)
    form = await _filled(request, say, "signin")
    if isinstance(form, Response):
        return form
    account, place = form["account"].strip(), _address(request)
    try:
        near = caller.near(request.headers, request.scope)
        person = await _beside(people.check, _store(), account, form["password"], place, near=near)
    except MeridianError as error:
        return _page(request, say, "signin", error.finding.sentence(say.code), _status(error), account=account)
    return let_in(await _beside(sessions.open_session, _store(), person.id, place, "password"), form["next"], request)


async def first(request: Request) -> Response:
    """A one-time code and a new password."""
    say = _tongue(request)
    form = await _filled(request, say, "first")
    if isinstance(form, Response):
        return form
    account, place = form["account"].strip(), _address(request)
    try:
        person = await _beside(people.redeem, _store(), account, form["code"], form["password"], place)
    except MeridianError as error:
        return _page(request, say, "first", error.finding.sentence(say.code), _status(error), account=account)
    return let_in(await _beside(sessions.open_session, _store(), person.id, place, "code"), "/", request)


async def password(request: Request) -> Response:
    """Another password, for whoever is signed in and knows the old one; every other session of theirs ends."""
    say, person = _tongue(request), _person(request)
    if person is None or not people.has_password(_store(), person.id):
        return RedirectResponse("/signin", 303)
    form = await _filled(request, say, "password", account=person.id)
    if isinstance(form, Response):
        return form
    place = _address(request)
    try:
        await _beside(people.new_password, _store(), person.id, form["old"], form["password"], place)
    except MeridianError as error:
        return _page(request, say, "password", error.finding.sentence(say.code), _status(error), account=person.id)
    return let_in(await _beside(sessions.open_session, _store(), person.id, place, "password"), "/", request)


async def signout(request: Request) -> Response:
    """Ends the session everywhere, and leads to the sign-in. Only a form of our own may ask for it."""
    say, token = _tongue(request), caller.token_of(request.headers)
    form = await _filled(request, say, "signout")
    if isinstance(form, Response):
        return form
    how = await _beside(sessions.close_session, _store(), token) if token else None
    answer = RedirectResponse(f"/signin?{urlencode({'out': how or '1', 'lang': say.code})}", 303)
    answer.delete_cookie(caller.COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


async def _filled(request: Request, say: Language, kind: str, **told: Any) -> dict[str, str] | Response:
    """What a form came back with; else the page to answer with: the empty form, or why it was not taken."""
    if request.method == "GET":
        return _page(request, say, kind, **told)
    form = await forms.read(request, say)
    return _page(request, say, kind, form, NOT_OURS, **told) if isinstance(form, str) else form


def let_in(token: str, to: str, request: Request) -> Response:
    """The answer that puts a session into the browser and leads on, to a path of our own only. What the browser had before ends."""
    former = caller.token_of(request.headers)
    if former and former != token:
        sessions.close_session(_store(), former)
    answer = RedirectResponse(own_path(to), 303)
    answer.set_cookie(caller.COOKIE, token, max_age=int(sessions.ABSOLUTE), path="/", secure=True, httponly=True, samesite="lax")
    return answer


def refusal(request: Request, error: MeridianError, status: int, to: str, tongue: str = "") -> Response:
    """The sign-in page with the sentence that says why not; ``to`` is where one wanted to go."""
    say = spoken(tongue) if tongue else _tongue(request)
    return _page(request, say, "signin", error.finding.sentence(say.code), status, to)


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
        Route("/signin/password", password, methods=["GET", "POST"]),
        Route("/signout", signout, methods=["GET", "POST"]),
    ]
    return own + (openid.routes() if openid.configured() else [])


def _page(request: Request, say: Language, kind: str, fault: str = "", status: int = 200, to: str = "", account: str = "") -> Response:
    """One template for the four forms."""
    word, asked = forms.word_of(request), request.query_params
    to, here = own_path(to or asked.get("next") or _came_from(request)), "/signin" if kind == "signin" else request.url.path
    told: dict[str, Any] = {"kind": kind, "say": say, "fault": fault, "next": to, "out": asked.get("out", ""), "account": account}
    told |= {"others": [(code, f"{here}?lang={code}&next={quote(to)}") for code in ("en", "tr")], "here": here}
    told |= {"provider": _provider(to, say.code), "demo": _demo_accounts(request, say), "nobody": not people.everybody(_store())}
    person = _person(request) if kind == "signout" else None
    told |= {"seal": forms.seal(word), "own": person is not None and people.has_password(_store(), person.id)}
    answer = HTMLResponse(_template().render(told), status, headers={"Cache-Control": "no-store"})
    forms.give(answer, word) if word != caller.cookie_of(request.headers, forms.COOKIE) else None
    return answer


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader

    return Environment(loader=FileSystemLoader(TEMPLATE.parent), autoescape=True).get_template(TEMPLATE.name)


def _came_from(request: Request) -> str:
    """The page whose link or whose end led here; the browser says so within one address only."""
    try:
        came = urlparse(request.headers.get("referer", ""))
    except ValueError:
        return "/"
    own = came.netloc == request.headers.get("host")
    return (came.path + (f"?{came.query}" if came.query else "")) if own else "/"


def _provider(to: str, tongue: str) -> dict[str, str] | None:
    address = f"/signin/openid?{urlencode({'next': to, 'lang': tongue})}"
    return {"label": openid.label(), "address": address} if openid.configured() else None


def _demo_accounts(request: Request, say: Language) -> list[tuple[str, str, str]]:
    """The demo's accounts, its published password and what each may do, where they are good; nothing on anybody's own store."""
    if not caller.demo_is_open(request.headers, request.scope):
        return []
    return [(account, PASSWORD, role(name, say)) for account, name in ACCOUNTS.items()]


async def _beside(work: Callable[..., Any], *told: Any, **more: Any) -> Any:
    """Does what takes a while, or waits for a disk, beside the loop that serves everybody. The sign-in has threads of its own."""
    return await asyncio.get_running_loop().run_in_executor(WORKERS, partial(work, *told, **more))


def _person(request: Request) -> Person | None:
    token = caller.token_of(request.headers)
    return sessions.person_of(_store(), token) if token else None


def _status(error: MeridianError) -> int:
    metrics.refusal(error.finding.code)
    return {"P103": 429, "P113": 422}.get(error.finding.code, 401)


def _tongue(request: Request) -> Language:
    asked = request.query_params.get("lang") or request.headers.get("accept-language", "")[:2]
    return spoken(asked)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _store() -> Store:
    return Store(settings().store)
