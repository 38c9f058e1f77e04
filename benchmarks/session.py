"""A visitor without a browser: starts a server, speaks Streamlit's own websocket, and times what the server does for a page."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from benchmarks.meter import ROOT
from benchmarks.ports import free_port
from pages.door import rubbish
from pages.door.caller import COOKIE

EMPTY = Path(__file__).with_name("empty") / "app.py"
SPARED = EMPTY.with_name("spared.py")
PATIENCE = 120.0


class Broken(RuntimeError):
    """A page ended with an exception or never ended: a time of it would mean nothing."""


@dataclass(frozen=True)
class Server:
    """A running server and when its process was started (``time.perf_counter``)."""

    port: int
    started: float
    process: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def serving(script: Path, store: Path | None = None) -> Iterator[Server]:
    """The server as an office starts it; answers when the block begins."""
    port = free_port()
    environment = os.environ | rubbish.ONE_HEAP | ({"MERIDIAN_STORE": str(store)} if store else {})
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    started = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(port, process)
            yield Server(port, started, process.pid)
        finally:
            process.terminate()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.01)
    raise Broken(f"the server on port {port} did not start")


@contextmanager
def visiting(server: Server, token: str = "") -> Iterator[ClientConnection]:
    """A session of one visitor, signed in with a token of ``pipelines.access.sessions`` or not."""
    address, signed = f"ws://127.0.0.1:{server.port}/_stcore/stream", {"Cookie": f"{COOKIE}={token}"} if token else {}
    with connect(
        address, subprotocols=["streamlit"], origin=server.address, max_size=None, compression=None, additional_headers=signed
    ) as session:
        yield session


def rerun(session: ClientConnection, page: str = "", query: str = "") -> float:
    """Asks for a page as a browser does and waits until the script has ended; seconds. Raises Broken where an exception is shown."""
    start = time.perf_counter()
    session.send(question(page, query))
    while not ended(session.recv(timeout=PATIENCE), page):
        pass
    return time.perf_counter() - start


def question(page: str, query: str) -> bytes:
    """What a browser sends to see a page at an address."""
    asked = BackMsg()
    asked.rerun_script.page_name, asked.rerun_script.query_string = page, query
    asked.rerun_script.widget_states.SetInParent()
    return asked.SerializeToString()


def ended(message: bytes, page: str) -> bool:
    """Whether a message of the server says that the script has ended. Raises Broken where it shows an exception."""
    told = ForwardMsg()
    told.ParseFromString(message)
    kind = told.WhichOneof("type")
    if kind == "delta" and told.delta.new_element.WhichOneof("type") == "exception":
        raise Broken(f"{page}: {told.delta.new_element.exception.message[:500]}")
    if kind == "page_not_found":
        raise Broken(f"{page}: not found")
    return kind == "script_finished" and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
