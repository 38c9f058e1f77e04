"""What all tests share: the published files, the demo store (built once), and the command line within this process."""

import io
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from shown import demo_store
from streamlit.components.v2 import manifest_scanner

from pages.parts import people
from pipelines.__main__ import run
from pipelines.access.person import VISITOR

__all__ = ["demo_store"]

ROOT = Path(__file__).resolve().parent.parent
people.WITHOUT_GATE = VISITOR  # pages that tests run without a server are a visitor's, if nobody else is put in the place of ``here``

# Each page without a browser would read the metadata of every installed package, which is nine tenths of its time; they stay the same.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

# A slow, shared machine is no fault of the code: no clock decides a test, and everybody tries the same examples.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of published files that lie beside the project; its tests are skipped where it is missing."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the published files are not there: {folder}")
    return folder


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """How often a fault is made: a few times, or as often as ``make faults`` promises."""
    told = request.node.get_closest_marker("fault").kwargs
    share = float(os.environ.get("MERIDIAN_FAULTS", "0"))
    return max(told["short"], round(told["full"] * share))


@dataclass(frozen=True)
class Done:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture(scope="session")
def command() -> Callable[..., Done]:
    """``command("check", path)``: what ``python -m pipelines check PATH`` does, without the seconds a process takes to start."""

    def called(*words: Any) -> Done:
        out, err, code = io.StringIO(), io.StringIO(), 0
        with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "argv", ["pipelines", *map(str, words)]):
            try:
                run()
            except SystemExit as end:
                code = int(end.code or 0)
        return Done(code, out.getvalue(), err.getvalue())

    return called
