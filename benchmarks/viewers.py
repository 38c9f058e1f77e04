"""Many visitors at once, without browsers: each holds a session of Streamlit's own and clicks every few seconds.

They live in a process of their own; what they do beside waiting is to look at the kind of each message, so that the server is what is
measured.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from benchmarks.session import Broken, Server, ended, question

PATIENCE = 30.0
EDITION = re.compile(rb"Edition-(\d+)")
"""What the files of a test are marked with, so that a page tells whose numbers it shows."""
Address = tuple[str, str]
"""Page and query."""


@dataclass
class Clicks:
    """What the visitors met: seconds of every click, what went wrong, and in how many runs one or several editions of a file were seen."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    editions: set[bytes] = field(default_factory=set)
    whole: int = 0
    mixed: int = 0

    def share(self, part: float) -> float:
        """A quantile of the seconds: 0.5 the median."""
        taken = sorted(self.seconds)
        return taken[round(part * (len(taken) - 1))] if taken else 0.0


@dataclass(frozen=True)
class Crowd:
    """How many, how long, how often, on which pages.

    ``stays``: a visitor leaves after about so many seconds and another comes. ``within``: all have come after so many seconds.
    ``least``: a page told in fewer messages says that it has nothing to show, which is an error here.
    """

    visitors: int
    seconds: float
    pause: float
    addresses: list[Address]
    stays: float | None = None
    within: float = 3.0
    least: int = 1


def click(server: Server, crowd: Crowd, meanwhile: Callable[[], None] | None = None) -> Clicks:
    """Lets a crowd click until its time is over; ``meanwhile`` runs in a thread beside it, and the crowd stays until that ends too."""
    return asyncio.run(_together(server, crowd, meanwhile))


async def _together(server: Server, crowd: Crowd, meanwhile: Callable[[], None] | None) -> Clicks:
    found, over = Clicks(), asyncio.Event()
    people = [asyncio.create_task(_visitor(server, crowd, found, over, random.Random(seed))) for seed in range(crowd.visitors)]
    start = time.perf_counter()
    if meanwhile:
        await asyncio.to_thread(meanwhile)
    await asyncio.sleep(max(0.0, crowd.seconds - (time.perf_counter() - start)))
    over.set()
    await asyncio.gather(*people)
    return found


async def _visitor(server: Server, crowd: Crowd, found: Clicks, over: asyncio.Event, chance: random.Random) -> None:
    await _pause(over, chance.uniform(0, crowd.within))
    while not over.is_set():
        leaves = time.perf_counter() + (chance.expovariate(1 / crowd.stays) if crowd.stays else 1e9)
        try:
            async with connect(
                f"ws://127.0.0.1:{server.port}/_stcore/stream", subprotocols=["streamlit"], origin=server.address, max_size=None,
                compression=None, max_queue=None,
            ) as session:  # fmt: skip
                while not over.is_set() and time.perf_counter() < leaves:
                    await _clicked(session, chance.choice(crowd.addresses), crowd.least, found)
                    await _pause(over, crowd.pause * chance.uniform(0.5, 1.5))
        except (OSError, WebSocketException, TimeoutError, Broken) as error:
            found.errors.append(f"{type(error).__name__}: {error}"[:300])
            await _pause(over, 1.0)


async def _clicked(session: ClientConnection, address: Address, least: int, found: Clicks) -> None:
    page, query = address
    start, seen, elements = time.perf_counter(), set[bytes](), 0
    async with asyncio.timeout(PATIENCE):
        await session.send(question(page, query))
        while True:
            message = await session.recv()
            assert isinstance(message, bytes)
            seen.update(EDITION.findall(message))
            elements += 1
            if ended(message, page):
                break
    if elements < least:
        raise Broken(f"{page}: only {elements} messages")
    found.seconds.append(time.perf_counter() - start)
    found.editions |= seen
    found.whole += len(seen) == 1
    found.mixed += len(seen) > 1


async def _pause(over: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), seconds)
