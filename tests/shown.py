"""The demo store for tests of what people see: built once, through the real path, for all workers of a test run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    "overview": "leadership/overview.py",
    "indicator": "leadership/indicator.py",
    "policy": "leadership/policy.py",
    "mobility": "explore/mobility.py",
    "countries": "explore/countries.py",
    "agreements": "explore/agreements.py",
    "handbook": "accreditation/handbook.py",
    "data": "staff/data.py",
}
"""Address → script: the eight pages."""


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo store; the first worker builds it, the others wait."""
    from pipelines.demo import build

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    with FileLock(shared / "demo.lock"):
        if not (shared / "demo_store").exists():
            build(shared / "demo_store")
    return shared / "demo_store"


@contextmanager
def serving(store: Path) -> Iterator[str]:
    """A fresh server on a free port; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"MERIDIAN_STORE": str(store)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield _up(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(20)


def _up(address: str, process: subprocess.Popen) -> str:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/ready", timeout=5) as answer:
                assert answer.status == 200
                return address
        except urllib.error.HTTPError:
            return address
        except OSError:
            assert process.poll() is None, "the server ended before it was up"
            time.sleep(0.2)
    raise AssertionError("the server did not come up")
