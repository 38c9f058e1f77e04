"""Signing in through the university's identity provider: OpenID Connect, authorization code with PKCE, ending in a session of ours.

Nothing of the provider's is kept, no token above all. What one sign-in has to remember (state, nonce, verifier) lies for ten minutes
in a signed cookie of the browser that began it. Authlib is imported at the first sign-in only.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from pages.door import caller, signin
from pipelines.access import provider, sessions
from pipelines.access.secret import secret
from pipelines.errors import MeridianError
from pipelines.settings import settings
from pipelines.store import Store

if TYPE_CHECKING:
    from authlib.integrations.starlette_client import StarletteOAuth2App

COOKIE = "__Host-meridian-openid"
LIVES = 600
"""Seconds that a person has at the provider."""
LONGEST = 3500
"""Characters that a browser keeps of a cookie for sure; a longer address to land on is given up for the first page."""
PATIENCE = 10.0
"""Seconds that we wait for an answer of the provider."""
LEEWAY = 60
"""Seconds that its clock and ours may differ."""
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures by a key that only the provider has; whatever else it offers ("none", or a secret that we share) proves nothing."""
DOWN = 503
REFUSED = 403


def configured() -> bool:
    """Whether an identity provider is set."""
    return bool(settings().openid_issuer and settings().openid_client_id)


def label() -> str:
    """What the provider is called on the button."""
    return settings().openid_name or urlparse(settings().openid_issuer).hostname or ""


def routes() -> list[Route]:
    """Its addresses."""
    ways = {"": begin, "/back": back, "/out": out}
    return [Route(f"/signin/openid{end}", way, methods=["GET"]) for end, way in ways.items()]


async def begin(request: Request) -> Response:
    """Leads to the provider, and remembers who went there."""
    to, tongue = signin.own_path(request.query_params.get("next", "/")), request.query_params.get("lang", "")[:2]
    kept: dict[str, Any] = {}
    try:
        with _asking():
            answer: Response = await (await _provider()).authorize_redirect(_with(request, kept), _address_of_return(request))
    except MeridianError as error:
        return signin.refusal(request, error, _status(error), to, tongue)
    word = _seal().dumps([kept, to, tongue])
    word = word if len(word) <= LONGEST else _seal().dumps([kept, "/", tongue])
    answer.set_cookie(COOKIE, word, max_age=LIVES, path="/", secure=True, httponly=True, samesite="lax")
    return answer


async def back(request: Request) -> Response:
    """Comes from the provider: with a code that only we can redeem, or with a refusal."""
    kept, to, tongue = _remembered(request)
    address = request.client.host if request.client else ""
    try:
        with _asking():
            issuer, claims = await _proven(_with(request, kept))
        answer = signin.let_in(await run_in_threadpool(_session, issuer, claims, address), to, request)
    except MeridianError as error:
        answer = signin.refusal(request, error, _status(error), to, tongue)
    if not kept:  # Authlib has taken out what belonged to this answer; what another window began stays
        answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return answer


async def out(request: Request) -> Response:
    """Leads to the provider's own sign-out, for whoever wants to end that session too.

    A link of its own: browsers let a form, as our sign-out is one, lead to no other site. The provider asks before it ends anything.
    """
    tongue = request.query_params.get("lang", "")[:2]
    try:
        with _asking():
            client = await _provider()
            if not client.server_metadata.get("end_session_endpoint"):
                raise MeridianError("P134", name=label())
            told = {"client_id": client.client_id, "ui_locales": tongue} if tongue else {"client_id": client.client_id}
            left = await client.create_logout_url(_base(request) + "/signin", **told)
    except MeridianError as error:
        return signin.refusal(request, error, _status(error), "/", tongue)
    return RedirectResponse(left["url"], 303)


async def _proven(request: Request) -> tuple[str, dict[str, Any]]:
    """Issuer and claims of the ID token, whose signature, issuer, audience, times and nonce hold."""
    client = await _provider()
    issuer = client.server_metadata["issuer"]
    if request.query_params.get("iss", issuer) != issuer:
        raise ValueError("the answer names another issuer")
    wanted = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client.client_id}}
    token = await client.authorize_access_token(request, claims_options=wanted, leeway=LEEWAY)
    claims = dict(token["userinfo"])
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise ValueError("the provider names nobody")
    name = settings().openid_role_claim
    if name and provider.claim(claims, name) is None and "userinfo_endpoint" in client.server_metadata:
        more = dict(await client.userinfo(token=token))
        if more.get("sub") != claims["sub"]:
            raise ValueError("the provider tells of another person")
        claims = more | claims
    return issuer, claims


async def _provider() -> StarletteOAuth2App:
    """The provider as it presents itself now: one that is away is noticed before anybody is led there, and new keys count at once."""
    from authlib.integrations.starlette_client import OAuth

    issuer, word = settings().openid_issuer, settings().openid_client_secret
    if not issuer.startswith("https://") and urlparse(issuer).hostname not in caller.LOOPBACK:
        raise ValueError("MERIDIAN_OPENID_ISSUER has to begin with https://")
    client: StarletteOAuth2App = OAuth().register(
        "provider",
        client_id=settings().openid_client_id,
        client_secret=word.get_secret_value() if word else None,
        server_metadata_url=issuer.rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={"scope": settings().openid_scope, "code_challenge_method": "S256", "timeout": PATIENCE},
    )
    told = await client.load_server_metadata()
    if str(told["issuer"]).rstrip("/") != issuer.rstrip("/"):
        raise ValueError(f"the provider calls itself {told['issuer']}")
    signed = told.get("id_token_signing_alg_values_supported", [])
    told["id_token_signing_alg_values_supported"] = [one for one in signed if one in ALGORITHMS]
    client.client_kwargs["token_endpoint_auth_method"] = _credentials(bool(word), told)
    return client


def _credentials(secret_is_set: bool, told: dict[str, Any]) -> str:
    """How we prove to the provider that it is us."""
    if not secret_is_set:
        return "none"
    offered = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return "client_secret_post" if "client_secret_basic" not in offered and "client_secret_post" in offered else "client_secret_basic"


@contextmanager
def _asking() -> Iterator[None]:
    """What goes wrong between us and the provider: P130 it does not answer, P131 what it answers proves nothing. The log says why."""
    from authlib.common.errors import AuthlibBaseError
    from httpx2 import HTTPError
    from joserfc.errors import JoseError

    try:
        yield
    except (HTTPError, AuthlibBaseError, JoseError, ValueError, KeyError, TypeError, RuntimeError) as error:
        logging.getLogger("meridian.signin").warning("OpenID: %s: %r", type(error).__name__, str(error))  # one line, whatever was sent
        if isinstance(error, HTTPError):
            raise MeridianError("P130", name=label()) from error
        raise MeridianError("P131", detail=type(error).__name__) from error


def _session(issuer: str, claims: dict[str, Any], address: str) -> str:
    store = Store(settings().store)
    return sessions.open_session(store, provider.settle(store, issuer, claims, address).id, address, how="openid")


def _address_of_return(request: Request) -> str:
    return _base(request) + "/signin/openid/back"


def _base(request: Request) -> str:
    """Where people reach us."""
    return (settings().openid_address or f"{request.url.scheme}://{request.url.netloc}").rstrip("/")


def _with(request: Request, kept: dict[str, Any]) -> Request:
    """The request with what Authlib keeps of a sign-in, where it looks for that. Streamlit has a session of its own there, which stays."""
    return Request({**request.scope, "session": kept}, request.receive)


def _remembered(request: Request) -> tuple[dict[str, Any], str, str]:
    """What the browser began with: Authlib's part, where to go, the language. Empty when it began nothing, or too long ago."""
    try:
        kept, to, tongue = _seal().loads(request.cookies.get(COOKIE, ""), max_age=LIVES)
    except BadData:
        return {}, "/", ""
    return kept, to, tongue


def _status(error: MeridianError) -> int:
    return DOWN if error.finding.code == "P130" else REFUSED


def _seal() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret(Store(settings().store)), salt="openid")
