"""What the first visit of Overview takes over the wire, counted by a real browser with an empty cache."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from benchmarks.pages import APP
from benchmarks.session import Server, serving

READY = "[data-testid=stApp][data-test-script-state=notRunning] .st-key-overview"


class NoBrowser(RuntimeError):
    """There is no Chromium here: nothing to count with."""


def chromium() -> str:
    """The browser's program. Raises NoBrowser."""
    found = (
        os.environ.get("MERIDIAN_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    )
    if not found:
        raise NoBrowser("no Chromium found; name it in MERIDIAN_CHROMIUM")
    return found


def first_visit(store: Path) -> tuple[int, list[str]]:
    """Bytes of the first visit as sent (headers, compressed bodies, websocket frames), and what was asked of other hosts."""
    with serving(APP, store) as server:
        return _visited(server)


def _visited(server: Server) -> tuple[int, list[str]]:
    from playwright.sync_api import sync_playwright

    taken, outside = [0], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", lambda told: taken.append(int(told["encodedDataLength"])))
        wire.on("Network.webSocketFrameReceived", lambda told: taken.append(_length(told["response"])))
        wire.on("Network.requestWillBeSent", lambda told: outside.append(told["request"]["url"]))
        page.goto(server.address)
        page.wait_for_selector(READY, timeout=60_000)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(1_500)
        browser.close()
    local = (server.address, "data:", "blob:")
    return sum(taken), [address for address in outside if not address.startswith(local)]


def _length(frame: dict[str, object]) -> int:
    """Bytes of a frame before it is compressed for the wire: at least as many as were sent."""
    text = str(frame["payloadData"])
    return len(text) * 3 // 4 if frame["opcode"] == 2 else len(text.encode())
