"""The door's forms. One is read only when we gave it out ourselves, to this very browser: a word in a cookie, and its seal in the form."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from starlette.requests import Request
from starlette.responses import Response

from pages.door import caller
from pipelines.access.secret import secret
from pipelines.language import Language
from pipelines.settings import settings
from pipelines.store import Store

COOKIE = "__Host-meridian-form"
KIND = "application/x-www-form-urlencoded"
LONGEST = 16 * 1024
"""Bytes of a form: whoever is not signed in may not fill the memory."""
FIELD = 2048


def word_of(request: Request) -> str:
    """The browser's word; a new one where it has none."""
    return caller.cookie_of(request.headers, COOKIE) or secrets.token_urlsafe(16)


def seal(word: str) -> str:
    """What stands for the word in a form. Nobody can make it without the server's secret."""
    return hmac.new(secret(Store(settings().store)), f"form {word}".encode(), hashlib.sha256).hexdigest()


def give(answer: Response, word: str) -> None:
    """Puts the word into the browser."""
    answer.set_cookie(COOKIE, word, path="/", secure=True, httponly=True, samesite="lax")


async def read(request: Request, say: Language) -> dict[str, str] | str:
    """The fields of a form of our own, or the sentence why they are not taken."""
    foreign = say("The form came from another address and was not accepted.")
    if not _from_us(request) or not _small(request):
        return foreign
    form = await request.form()
    told = {name: word[:FIELD] for name, word in form.items() if isinstance(word, str)}
    word = caller.cookie_of(request.headers, COOKIE)
    if word is None:
        return say("Your browser did not keep a cookie of this page. Meridian needs cookies, and an address that begins with https.")
    if not hmac.compare_digest(seal(word).encode(), told.get("form", "").encode()):
        return foreign
    return {"account": "", "password": "", "old": "", "code": "", "next": "/"} | told


def _from_us(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site", "same-origin")
    return caller.same_origin(request.headers) and site in ("same-origin", "none")


def _small(request: Request) -> bool:
    size, kind = request.headers.get("content-length", ""), request.headers.get("content-type", "")
    return size.isascii() and size.isdigit() and int(size) <= LONGEST and kind.partition(";")[0].strip().lower() == KIND
