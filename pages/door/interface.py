"""The data interface over the web: questions in, answers with their publication out; a refusal is a problem (RFC 9457) with our code."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pages.door.caller import PERSON
from pipelines import catalogue, log
from pipelines.access.permissions import require
from pipelines.access.person import VISITOR, Person
from pipelines.errors import MeridianError
from pipelines.health import metrics
from pipelines.interface import description, written
from pipelines.interface.questions import Format, Question, understood
from pipelines.interface.resources import RESOURCES, Resource, Row, columns_of, read
from pipelines.settings import settings
from pipelines.store import Store
from pipelines.warehouse import Version, open_version

ROOT = "/api/v1"
STATUS = {"A103": 422, "A104": 404, "K101": 404, "M101": 404, "P100": 401, "P101": 403, "S101": 503, "S150": 503}
"""Code → status of HTTP; whatever is not here is our own fault."""
DAMAGED = 500


def routes() -> list[Route]:
    """One route a resource, the description, and an answer for every other address below /api/."""
    answers = [Route(f"{ROOT}/{name}", _answering(resource), name=f"interface {name}") for name, resource in RESOURCES.items()]
    return [*answers, Route(f"{ROOT}/openapi.json", describe), Route("/api/{rest:path}", nowhere)]


def describe(request: Request) -> Response:
    """The description as OpenAPI 3.1."""
    return _guarded(lambda: JSONResponse(description.openapi(), headers={"Cache-Control": "private, no-cache"}), request)


def nowhere(request: Request) -> Response:
    """There is nothing at this address."""
    return problem(MeridianError("A104"))


def problem(error: MeridianError, status: int | None = None) -> JSONResponse:
    """A refusal as ``application/problem+json``: what, cause and remedy in English, and our code."""
    found = error.finding
    metrics.refusal(found.code)
    status = status or STATUS.get(found.code, DAMAGED)
    told = {
        "type": "about:blank",
        "title": found.say("what"),
        "status": status,
        "detail": f"{found.say('cause')} {found.say('remedy')}",
        "code": found.code,
    }
    headers = {"WWW-Authenticate": 'Bearer realm="Meridian"'} if status == 401 else {}
    return JSONResponse(told, status, headers, media_type="application/problem+json")


def _answering(resource: Resource) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        return _guarded(lambda: _answer(request, resource), request)

    return answer


def _guarded(answer: Callable[[], Response], request: Request) -> Response:
    """The answer for whoever may look, or the problem."""
    try:
        require(request.scope.get(PERSON), "view")
        return answer()
    except MeridianError as error:
        return problem(error)


def _answer(request: Request, resource: Resource) -> Response:
    asked = understood(resource.question, request.query_params.multi_items())
    kind = asked.format or _accepted(request.headers.get("accept", ""))
    if kind != "json":
        require(request.scope.get(PERSON), "export")
    version = open_version(settings().store)
    headers = {"ETag": _tag(version, kind), "Cache-Control": _kept(request.scope.get(PERSON)), "Vary": "Accept, Cookie, Authorization"}
    if headers["ETag"] in [word.strip() for word in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    rows, total = read(version, resource, asked)
    onward = _onward(resource, asked, request.query_params, total)
    links = [f'<{ROOT}/openapi.json>; rel="describedby"', *([f'<{onward}>; rel="next"'] if onward else [])]
    headers |= {"Link": ", ".join(links), "Meridian-Publication": str(version.no), "Meridian-As-Of": version.about["as_of"][:10]}
    if kind == "json":
        body = written.to_json(_head(version, resource, asked, rows) | {"total": total, "next": onward}, rows)
        return Response(body, headers=headers, media_type=written.MEDIA["json"])
    _noted(request.scope.get(PERSON), resource, kind, asked, version)
    headers["Content-Disposition"] = f'attachment; filename="meridian_{resource.name}_{version.no}.{kind}"'
    write = written.to_csv if kind == "csv" else written.to_parquet
    return Response(write(columns_of(resource), rows), headers=headers, media_type=written.MEDIA[kind])


def _head(version: Version, resource: Resource, asked: Question, rows: list[Row]) -> dict[str, Any]:
    """What stands before the rows: of which publication, which piece, and what the numbers are."""
    publication = {"no": version.no, "digest": version.digest, "as_of": version.about["as_of"][:10]}
    head = {"resource": resource.name, "publication": publication, "limit": asked.limit, "offset": asked.offset}
    if "indicator" not in resource.key:
        return head
    met = {row["indicator"] for row in rows}
    known = {code: one for code, one in sorted(catalogue.indicators().items()) if code in met}
    texts = {code: {"title": one.title["en"], "definition": one.definition["en"], "unit": one.unit} for code, one in known.items()}
    return head | {"definitions": texts}


def _onward(resource: Resource, asked: Question, given: Mapping[str, str], total: int) -> str | None:
    """The address of the next piece; None after the last."""
    at = asked.offset + asked.limit
    return f"{ROOT}/{resource.name}?{urlencode(dict(given) | {'offset': at, 'limit': asked.limit})}" if at < total else None


def _accepted(accept: str) -> Format:
    """The first of our formats that the header names; JSON where it names none."""
    offered = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    media = {media.partition(";")[0]: kind for kind, media in written.MEDIA.items()}
    return next((media[word] for word in offered if word in media), "json")


def _tag(version: Version, kind: str) -> str:
    """Weak, as the same content may be packed in several ways; another publication, setting or format is another content."""
    told = f"{version.digest} {version.no} {settings().small_numbers} {kind}"
    return f'W/"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def _kept(who: Person | None) -> str:
    """Programmes keep an answer and ask whether it still holds; a signed-in person's browser keeps none."""
    return "no-store" if _account(who) else "private, no-cache"


def _account(who: Person | None) -> Person | None:
    """Whoever has signed in; None for a visitor, and for a programme with a token."""
    return None if who is None or who == VISITOR or who.id.startswith("token:") else who


def _noted(who: Person | None, resource: Resource, kind: str, asked: Question, version: Version) -> None:
    """Files that a person takes along are written down as on the pages; of a token it is known when it was last used."""
    person = _account(who)
    if person is None:
        return
    told = {"what": resource.name, "format": kind, "institution": getattr(asked, "institution", "*"), "publication": version.no}
    log.append(Store(settings().store), "exported", person.id, **told, indicators=[])
