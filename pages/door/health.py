"""For machines that look after us: ``/ready`` (for everybody, without a word of the inside), ``/metrics`` (for Prometheus), the pulse."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import psutil
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from streamlit.runtime import Runtime

from pages.door import caller
from pipelines import journal
from pipelines.access import tokens
from pipelines.health import metrics, pulse
from pipelines.health.checks import checks
from pipelines.health.checks import ready as is_ready
from pipelines.health.figures import current_of
from pipelines.settings import settings
from pipelines.store import Store

LOG = logging.getLogger("meridian.health")
FOR_METRICS = "metrics"
"""How the name of a token begins that may read ``/metrics``; administrators issue it (page People)."""


def ready(_: Request) -> Response:
    """200 while people get the right figures from this process, else 503; each check by its name, and which publication is on air."""
    store = Store(settings().store)
    found, current = checks(store), current_of(store)
    told = {"ready": is_ready(found), "publication": current.no if current else None, "checks": {one.name: one.ok for one in found}}
    return JSONResponse(told, status_code=200 if told["ready"] else 503, headers={"Cache-Control": "no-store"})


def measured(request: Request) -> Response:
    """The figures, for whoever asks on this very computer and not through a proxy, or has a token for it. For others nothing is here."""
    store, token = Store(settings().store), caller.bearer_of(request.headers)
    holder = tokens.person_of(store, token) if token else None
    if not caller.near(request.headers, request.scope) and not (holder and holder.name.startswith(FOR_METRICS)):
        return PlainTextResponse("not found", 404)
    with suppress(OSError):
        beat()  # what this process tells of itself is of now
    content, kind = metrics.exposition(store, request.headers.get("accept", ""))
    return Response(content, media_type=kind, headers={"Cache-Control": "no-store"})


@asynccontextmanager
async def beating(_: Any) -> AsyncIterator[None]:
    """While the server runs, its pulse goes; the last beat takes it away."""
    journal.gather()
    going = asyncio.create_task(_beat())
    try:
        yield
    finally:
        going.cancel()
        with suppress(asyncio.CancelledError):
            await going
        with suppress(OSError):
            pulse.end(Store(settings().store))


async def _beat() -> None:
    while True:
        try:
            await asyncio.to_thread(beat)
        except OSError as error:
            LOG.warning("the pulse could not be written", exc_info=error)
        await asyncio.sleep(pulse.EVERY)


def beat() -> None:
    """Tells how this process is doing now."""
    journal.gather()  # libraries that were loaded meanwhile
    times, runtime = metrics.RUNS.lately(), Runtime.instance()
    held = [family for found in runtime.uploaded_file_mgr.get_stats().values() for family in found]  # type: ignore[attr-defined]
    pulse.beat(
        Store(settings().store),
        pulse.Pulse(
            process=pulse.process(),
            at=time.time(),
            runs=len(times),
            p50=pulse.quantile(times, 0.5),
            p95=pulse.quantile(times, 0.95),
            sessions=runtime._session_mgr.num_active_sessions(),
            uploaded=sum(one.byte_length for one in held),
            rss=psutil.Process().memory_info().rss,
        ),
    )
