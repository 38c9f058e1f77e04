"""The demo store for tests of what people see: built once, through the real path, for all workers of a test run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path

import pytest
from filelock import FileLock
from jobs import dismiss
from streamlit.testing.v1 import AppTest

from benchmarks.ports import free_port
from pipelines.access.demo import MARK
from pipelines.settings import settings
from pipelines.store import Store

ROOT = Path(__file__).resolve().parent.parent
PAGES = {
    "overview": "leadership/overview.py",
    "indicator": "leadership/indicator.py",
    "policy": "leadership/policy.py",
    "alerts": "leadership/alerts.py",
    "mobility": "explore/mobility.py",
    "countries": "explore/countries.py",
    "country": "explore/country.py",
    "agreements": "explore/agreements.py",
    "partner": "explore/partner.py",
    "benchmark": "explore/benchmark.py",
    "national": "leadership/national.py",
    "report": "accreditation/report.py",
    "evidence": "accreditation/evidence.py",
    "handbook": "accreditation/handbook.py",
    "data": "staff/data.py",
}
"""Address → script: the pages that everybody may see."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
STREAMLITS_OWN = ("stTopNav", "stSidebarNav", "stSidebar", "stHeader", "stToolbar", "rc-overflow")
"""Findings inside Streamlit's own navigation are its own (lists of links without list items); all else is ours."""
ANCESTRY = """selector => { let words = ''; for (let e = document.querySelector(selector); e; e = e.parentElement)
    words += ' ' + (e.getAttribute('data-testid') || '') + ' ' + (e.getAttribute('class') || ''); return words; }"""
BUSY = '[data-testid="stApp"]:not([data-test-script-state="notRunning"]), [data-testid="stSkeleton"]'
"""A run that was asked for or goes on: the page says so from the click on, long before the server hears of it."""
WORKING = '[data-testid="stProgress"]'
"""The worker has something in hand."""


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
def showing(demo_store: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A demo store of one's own, which the pages of the test show meanwhile."""
    shutil.copytree(demo_store, place)
    monkeypatch.setenv("MERIDIAN_STORE", str(place))
    settings.cache_clear()
    yield Store(place)
    settings.cache_clear()


def closed(demo_store: Path, place: Path) -> Store:
    """An office's own store: the demo's without its mark, so that nobody is let in unasked."""
    shutil.copytree(demo_store, place)
    (place / MARK).unlink()
    return Store(place)


def opened(script: str, query: dict[str, str], seconds: float = 60) -> AppTest:
    """A page without a browser, at an address; nothing has broken on it."""
    app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=seconds)
    for name, word in query.items():
        app.query_params[name] = word
    app.run()
    app.switch_page(script)
    for name, word in query.items():
        app.query_params[name] = word
    app.run()
    assert not app.exception, [one.message for one in app.exception]
    return app


@contextmanager
def serving(store: Path, script: str = "app.py", journal: Path = Path(os.devnull)) -> Iterator[str]:
    """A fresh server on a free port; gives its address. What it tells of itself goes into ``journal``."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    with journal.open("ab") as told:
        process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | {"MERIDIAN_STORE": str(store)}, stdout=subprocess.DEVNULL, stderr=told
        )
    try:
        yield _up(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(20)
        dismiss(Store(store))


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


def sign_in(page, address: str, account: str, password: str = "meridian-demo") -> None:
    """Signs a browser in, as a person does."""
    page.goto(f"{address}/signin")
    page.locator("[name=account]").fill(account)
    page.locator("[name=password]").fill(password)
    page.locator("form button").click()
    page.wait_for_url(lambda url: "/signin" not in url)


def cookie(address: str, account: str, password: str = "meridian-demo") -> str:
    """Signs in over plain HTTP; gives the cookie's header."""
    status, headers, body = sent(address, "/signin", {"account": account, "password": password})
    assert status == 303, (status, body[-1500:])
    return headers["set-cookie"].split(";")[0]


def sent(address: str, path: str, fields: dict[str, str] | None = None, jar: str | None = None, **more: str) -> tuple[int, Message, bytes]:
    """Opens a form of the door and sends it back filled in, as a browser does; status, headers and body of the answer.

    ``jar`` is a Cookie header; ``more`` are headers of the sending, Content_Type for Content-Type.
    """
    said = {"Cookie": jar} if jar else {}
    _, headers, page = _asked(urllib.request.Request(address + path, headers=said))
    word = headers["set-cookie"].split(";")[0]
    seal = page.partition(b'name="form" value="')[2].partition(b'"')[0].decode()
    body = urllib.parse.urlencode({"form": seal} | (fields or {})).encode()
    said = {"Cookie": "; ".join(filter(None, (jar, word)))} | {name.replace("_", "-"): told for name, told in more.items()}
    return _asked(urllib.request.Request(address + path, body, said))


def _asked(request: urllib.request.Request) -> tuple[int, Message, bytes]:
    try:
        with urllib.request.build_opener(_Still).open(request) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read()


class _Still(urllib.request.HTTPRedirectHandler):
    """Follows nothing: where one is led to is looked at."""

    def redirect_request(self, *args, **more):
        return None


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("there is no Chromium on this machine")
    with playwright.sync_playwright() as play:
        driven = play.chromium.launch(executable_path=chromium, args=FLAGS)
        yield driven
        driven.close()


def quiet(page, busy: str = BUSY, looks: int = 250):
    """Waits until the script has stopped and the words of the page stay the same."""
    last, same = None, 0
    for _ in range(looks):
        words = page.inner_text("body")
        same = same + 1 if words == last and not page.locator(busy).count() and "Please wait" not in words else 0
        if same >= 6 and page.locator("h1").count():
            return
        last = words
        page.wait_for_timeout(120)
    raise AssertionError(f"the page never came to rest: {last!r}")


def watched(page, address: str) -> list[str]:
    """Fills with what the page asks of other hosts from now on, and what the browser stopped by the page's own rules."""
    left, host = [], urllib.parse.urlparse(address).netloc

    def note(request) -> None:
        place = urllib.parse.urlparse(request.url)
        if place.scheme.startswith(("http", "ws")) and place.netloc != host:
            left.append(request.url)

    page.on("request", note)
    page.on("console", lambda said: left.append(said.text) if "Content Security Policy" in said.text else None)
    return left


def sideways(page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate(
        "() => Math.max(...[document.documentElement, ...document.querySelectorAll('[data-testid=stMain]')].map(e => e.scrollWidth - e.clientWidth))"
    )


def serious(page):
    """What axe finds serious or critical outside Streamlit's own navigation: (rule, element)."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).response["violations"]
    return [
        (violation["id"], node["html"][:200])
        for violation in found
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
        if not any(own in page.evaluate(ANCESTRY, node["target"][0]) for own in STREAMLITS_OWN)
    ]
