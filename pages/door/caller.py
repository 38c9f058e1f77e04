"""Who asks, as far as a request's own words can be believed: the cookie, the host that it names, and whether a proxy stands between."""

from __future__ import annotations

from urllib.parse import urlparse

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from pipelines.access.demo import is_demo
from pipelines.settings import settings
from pipelines.store import Store

COOKIE = "__Host-meridian"
"""Only over an encrypted line, or to this very computer (browsers take its own address for safe), and never to scripts."""
PERSON = "meridian.person"
"""Under which word of the scope the gate tells a route who asks; no client can write there."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
FORWARDED = ("forwarded", "via", "x-forwarded-", "x-real-ip", "x-client-ip", "x-original-", "true-client-ip", "cf-")
"""How the headers begin that a proxy sets."""


def token_of(headers: Headers) -> str | None:
    """The token in the cookie."""
    return cookie_of(headers, COOKIE)


def bearer_of(headers: Headers) -> str | None:
    """The token of a programme; None where none is sent."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def cookie_of(headers: Headers, name: str) -> str | None:
    """A cookie of the request. Python's own parser gives up at the first odd name, and other programs of the house set cookies too."""
    return cookie_parser(headers.get("cookie", "")).get(name)


def near(headers: Headers, scope: Scope) -> bool:
    """Whether the browser is on this very computer: no proxy, no other name."""
    client = (scope.get("client") or ("",))[0]
    direct = not any(name.startswith(FORWARDED) for name in headers)
    return direct and client in LOOPBACK and host(headers) in LOOPBACK


def demo_is_open(headers: Headers, scope: Scope) -> bool:
    """The demo is open for looking at, to a browser on this very computer."""
    return near(headers, scope) and is_demo(Store(settings().store))


def host_is_ours(headers: Headers) -> bool:
    """Whether the request names us: this computer, or a name that the configuration allows. Keeps out rebound names."""
    from streamlit import config

    allowed = [name.lower() for name in config.get_option("server.allowedHosts") or []]
    loopback_only = (config.get_option("server.address") or "") in LOOPBACK
    named = host(headers)
    return named in LOOPBACK or named in allowed or (not allowed and not loopback_only)


def host(headers: Headers) -> str:
    """The name that the request gives us, without its port; empty where there is none."""
    try:
        return (urlparse(f"//{headers.get('host', '')}").hostname or "").lower()
    except ValueError:
        return ""


def same_origin(headers: Headers) -> bool:
    """Browsers name where a socket or a form comes from; what names nothing is no browser and has no cookie of somebody else."""
    origin = headers.get("origin")
    try:
        return origin is None or urlparse(origin).netloc == headers.get("host")
    except ValueError:
        return False
