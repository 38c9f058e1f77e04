"""The gate, on a real server: who gets in where, with every trick that a client can try. Asserted on data, not on menus."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shown import browser, closed, cookie, demo_store, quiet, sent, serious, serving, sign_in, watched  # noqa: F401 - fixtures
from wire import Refused, Wire, http, why

from benchmarks.ports import free_port
from pipelines import log
from pipelines.access import base, people, sessions
from pipelines.access.demo import ACCOUNTS
from pipelines.store import Store

ROOT = Path(__file__).resolve().parent.parent
ROLES = ("viewer", "reporter", "editor", "approver", "administrator")
VIEWER = {"account": "demo-viewer", "password": "meridian-demo"}
SEAL = re.compile(r'name="form" value="[0-9a-f]+"')
EVERYWHERE = {
    "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
}  # fmt: skip
POLICY = ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'")
STAFF = ("upload", "approve", "goals", "history", "people", "settings", "evidence", "report")
HOSTILE = '<img src="http://evil.invalid/a.png" onerror="window.hit=1">![x](http://evil.invalid/b.png)<script src="http://evil.invalid/c.js"></script>'
"""Text that would run, and would fetch from outside, where it counted as more than text."""
PRINCIPALS = ("anonymous", *ROLES, "revoked")
PAGES = {
    "national": ("viewer", "National view"),
    "overview": ("viewer", "Internationalization at a glance"), "indicator": ("viewer", "Where the numbers come from"),
    "policy": ("viewer", "How a goal is judged"), "mobility": ("viewer", "What it is made of"), "countries": ("viewer", "Countries"),
    "agreements": ("viewer", "The register"), "handbook": ("viewer", "Rules that every figure obeys"), "data": ("viewer", "anlasmalar.xlsx"),
    "upload": ("editor", "secret_draft.csv"), "approve": ("approver", "Nothing waits for approval"), "goals": ("editor", "Show what would change"),
    "history": ("reporter", "It is made of"), "people": ("administrator", "demo-reporter"), "settings": ("approver", "Close it"),
    "alerts": ("viewer", "What asks for attention"), "country": ("reporter", "Fact sheet (PDF)"), "partner": ("viewer", "Weights of the score"),
    "benchmark": ("viewer", "What is compared"), "report": ("viewer", "Language of the report"),
    "evidence": ("viewer", "What is usually shown here"), "health": ("administrator", "What it must be able to do"),
}  # fmt: skip
"""Page → the lowest role that may see it, and words that nobody else gets over the wire."""


@pytest.fixture(scope="module")
def store(demo_store, tmp_path_factory):  # noqa: F811
    """A store of an office's own: the demo's without its mark, with a draft in it."""
    from pipelines.desk import drafts

    found = closed(demo_store, tmp_path_factory.mktemp("own") / "store")
    drafts.create(found, "demo-editor", "secret_draft.csv", b"a;b\n1;2\n", institution="demo", source="mobility", year=2024)
    return found


@pytest.fixture(scope="module")
def address(store):
    with serving(store.path) as where:
        yield where


@pytest.fixture(scope="module")
def cookies(address, store):
    """Principal → cookie; the revoked one had a session that has ended."""
    known = {role: cookie(address, f"demo-{role}") for role in ROLES}
    gone = cookie(address, "demo-administrator")
    sessions.close_session(store, gone.partition("=")[2])
    return known | {"anonymous": None, "revoked": gone}


def may(principal, lowest):
    return principal in ROLES and ROLES.index(principal) >= ROLES.index(lowest)


# --- every principal, every page, every endpoint -----------------------------------------------------------------------


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_a_page_goes_over_the_wire_to_whom_it_is_for_and_to_nobody_else(address, cookies, principal):
    if principal not in ROLES:
        with pytest.raises(Refused):
            Wire(address, cookies[principal])
        return
    with Wire(address, cookies[principal]) as wire:
        for page, (lowest, words) in PAGES.items():
            text = wire.ask("" if page == "overview" else page, "institution=demo&lang=en").text
            assert (words in text) is may(principal, lowest), page


def test_no_page_is_left_out_of_what_is_tried_here(address, cookies):
    with Wire(address, cookies["administrator"]) as wire:
        assert wire.ask("", "institution=demo&lang=en").pages.keys() - {""} == PAGES.keys() - {"overview"}


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_a_page_of_another_role_does_not_open_by_its_hash(address, cookies, principal):
    with Wire(address, cookies["administrator"]) as wire:
        hashes = wire.ask("", "institution=demo&lang=en").pages
    assert {"upload", "people", "history"} <= hashes.keys()
    if principal not in ROLES:
        return
    with Wire(address, cookies[principal]) as wire:
        for page in ("upload", "approve", "history", "people", "settings", "health"):
            lowest, words = PAGES[page]
            assert (words in wire.ask("", "institution=demo&lang=en", page_hash=hashes[page]).text) is may(principal, lowest), page


@pytest.mark.parametrize("principal", PRINCIPALS)
@pytest.mark.parametrize(
    ("path", "status", "denied"),
    [
        ("/", 200, 303), ("/upload", 200, 303), ("/media/nothing.csv", 404, 401), ("/_stcore/host-config", 200, 401), ("/overview", 307, 303),
        ("/signin", 200, 200), ("/ready", 200, 200), ("/assets/logo.svg", 200, 200), ("/_stcore/health", 200, 200),
        ("/api/v1/indicators", 200, 401), ("/api/v1/openapi.json", 200, 401), ("/api/nothing", 404, 401), ("/_stcore/metrics", 404, 404), ("/_stcore/script-health-check", 404, 404), ("/openapi.json", 404, 404),
    ],
)  # fmt: skip
def test_an_endpoint_answers_who_is_signed_in_and_leads_others_to_the_sign_in(address, cookies, principal, path, status, denied):
    found, headers, _ = http(
        address, path, cookies[principal], Accept="text/html" if (status == 200 and denied == 303) or path == "/overview" else "*/*"
    )
    assert found == (status if principal in ROLES else denied)
    if found == 303:
        assert headers["location"].startswith("/signin?next=/")


@pytest.mark.parametrize("principal", PRINCIPALS)
def test_bytes_are_taken_from_whoever_may_hand_in_and_from_nobody_else(address, cookies, principal):
    owner = principal if principal in ROLES else "administrator"
    with Wire(address, cookies[owner]) as wire:
        wire.ask("", "institution=demo&lang=en")
        status, _, body = _put(address, wire.session, cookies[principal])
    if may(principal, "editor"):
        assert status == 204
    else:
        assert (status, why(body)) == ((403, "P101") if principal in ROLES else (401, "P100"))


def _put(address, session, cookie_of):
    """A file as Streamlit's own uploader sends it, with the token that its health check hands out."""
    _, headers, _ = http(address, "/_stcore/health")
    token = headers["set-cookie"].split(";")[0]
    jar = "; ".join(filter(None, (cookie_of, token)))
    body = b'--x1\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\na;b\n1;2\n\r\n--x1--\r\n'
    more = {"Content_Type": "multipart/form-data; boundary=x1", "X_Xsrftoken": token.partition("=")[2]}
    return http(address, f"/_stcore/upload_file/{session}/f1", jar, "PUT", body, **more)


@pytest.mark.fault("F6", full=50, short=5)
def test_an_upload_that_is_cut_off_leaves_no_trace_and_the_whole_file_is_taken(address, cookies, store, rounds):
    before, drafts = log.events(store), sorted(store.drafts.glob("*"))
    with Wire(address, cookies["editor"]) as wire:
        wire.ask("", "institution=demo&lang=en")
        for turn in range(rounds):
            _cut_off(address, wire.session, cookies["editor"], 400 + 17 * turn)
        assert _put(address, wire.session, cookies["editor"])[0] == 204
    assert [event for event in log.events(store)[len(before) :] if event.kind in ("accepted", "handed_in", "published")] == []
    assert sorted(store.drafts.glob("*")) == drafts
    assert store.temporary() == []


def _cut_off(address, session, cookie_of, promised):
    """Says that so many bytes come, sends half of them and hangs up."""
    _, headers, _ = http(address, "/_stcore/health")
    token = headers["set-cookie"].split(";")[0]
    host, _, port = address.removeprefix("http://").partition(":")
    head = (
        f"PUT /_stcore/upload_file/{session}/f2 HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookie_of}; {token}\r\n"
        f"X-Xsrftoken: {token.partition('=')[2]}\r\nContent-Type: multipart/form-data; boundary=x1\r\nContent-Length: {promised}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(
            head.encode() + b'--x1\r\nContent-Disposition: form-data; name="f"; filename="a.csv"\r\n\r\n' + b"1;2\n" * (promised // 8)
        )


# --- tricks ------------------------------------------------------------------------------------------------------------


def test_bytes_into_somebody_elses_session_are_refused(address, cookies):
    with Wire(address, cookies["administrator"]) as other, Wire(address, cookies["editor"]) as own:
        other.ask("", "institution=demo")
        own.ask("", "institution=demo")
        status, _, body = _put(address, other.session, cookies["editor"])
        assert (status, why(body)) == (403, "P104")
        assert _put(address, own.session, cookies["editor"])[0] == 204


def test_somebody_elses_session_is_not_resumed(address, cookies):
    with Wire(address, cookies["administrator"]) as other:
        other.ask("", "institution=demo")
        with pytest.raises(Refused):
            Wire(address, cookies["viewer"], resume=other.session)


def test_a_header_of_ours_that_a_client_sends_counts_for_nothing(address, cookies, store):
    digest = sessions.digest(cookies["administrator"].partition("=")[2])
    for name in ("X-Meridian-Session", "x-meridian-session", "X-Remote-User"):
        with pytest.raises(Refused):
            Wire(address, None, {name: digest})
        with Wire(address, cookies["viewer"], {name: digest}) as wire:
            assert "demo-reporter" not in wire.ask("people", "institution=demo&lang=en").text
    assert http(address, "/", None, Accept="text/html", X_Meridian_Session=digest)[0] == 303


def test_a_forged_press_of_a_button_of_another_role_does_nothing(address, cookies, store, tmp_path):
    from shelf import hand_in, moved

    from pipelines.publish import publish

    hand_in(store, rows=[moved(2019, 3, institution="elsewhere")], name="second.csv", institution="elsewhere")
    publish(store, "test")
    with Wire(address, cookies["approver"]) as wire:
        button = next(key for label, key in wire.ask("history", "institution=demo&lang=en").widgets.items() if label.startswith("Undo"))
    before = store.current().no
    with Wire(address, cookies["reporter"]) as wire:
        found = wire.ask("history", "institution=demo&lang=en", pressed=button)
        assert not [label for label in found.widgets if label.startswith("Undo")]
    assert store.current().no == before


def test_a_socket_from_another_site_is_refused(address, cookies):
    with pytest.raises(Refused):
        Wire(address, cookies["viewer"], origin="http://evil.example")
    with Wire(address, cookies["viewer"]) as wire:
        assert wire.ask("", "institution=demo").text


def test_a_rebound_name_is_refused(address, cookies):
    assert http(address, "/", cookies["viewer"], Host="evil.example", Accept="text/html")[0] == 400
    assert http(address, "/", cookies["viewer"], Accept="text/html")[0] == 200


def test_signing_out_shuts_what_is_open_and_the_old_cookie_opens_nothing(address, store):
    jar = cookie(address, "demo-viewer")
    with Wire(address, jar) as wire:
        assert wire.ask("", "institution=demo").text
        assert sent(address, "/signout", jar=jar, Origin=address)[0] == 303
        time.sleep(2.5)
        with pytest.raises(Refused):
            wire.ask("", "institution=demo")
    with pytest.raises(Refused):
        Wire(address, jar)


def test_a_sign_out_that_another_site_sends_is_not_one(address):
    jar = cookie(address, "demo-viewer")
    assert sent(address, "/signout", jar=jar, Origin="http://evil.example")[0] == 403
    with Wire(address, jar) as wire:
        assert wire.ask("", "institution=demo").text


def test_a_sign_in_that_another_site_sends_is_not_one(address):
    for more in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "http://["}, {"Sec_Fetch_Site": "cross-site"}):
        assert sent(address, "/signin", VIEWER, **more)[0] == 403
    assert sent(address, "/signin", VIEWER, Origin=address, Sec_Fetch_Site="same-origin")[0] == 303


def test_a_form_that_was_not_given_to_this_very_browser_is_not_read(address):
    seal = {"form": http(address, "/signin")[2].partition(b'name="form" value="')[2].partition(b'"')[0].decode()}
    for fields in (VIEWER | {"form": ""}, VIEWER | {"form": "ü"}, VIEWER | seal):
        assert sent(address, "/signin", fields)[0] == 403
    status, _, body = sent(address, "/signin?lang=en", VIEWER, Cookie="other=1")
    assert (status, b"did not keep a cookie" in body) == (403, True)
    assert sent(address, "/signin", VIEWER)[0] == 303


def test_a_form_that_would_fill_the_memory_is_not_read(address):
    assert sent(address, "/signin", VIEWER | {"more": "x" * 20_000})[0] == 403
    assert sent(address, "/signin", VIEWER, Content_Type="multipart/form-data; boundary=x")[0] == 403
    assert sent(address, "/signin", VIEWER | {"more": "x" * 2_000})[0] == 303


def test_an_odd_cookie_of_another_program_does_not_sign_anybody_out(address, cookies):
    with Wire(address, f"bad[name]=1; {cookies['viewer']}") as wire:
        assert wire.ask("", "institution=demo").text


def test_only_whole_names_are_free(address):
    for path in ("/signinX", "/signin/x", "/readyX", "/_stcore/healthX", "/assetsX", "/signin/../upload"):
        assert http(address, path, Accept="text/html")[0] in (303, 400), path
    for path in ("/x/_stcore/metrics", "/signin/_stcore/metrics", "//_stcore/metrics"):
        assert http(address, path)[0] == 404, path
    assert [http(address, path)[0] for path in ("/signin", "/signin/first", "/signout", "/ready", "/_stcore/health")] == [200] * 5


def test_bytes_that_do_not_say_how_many_they_are_are_refused(address, cookies):
    with Wire(address, cookies["editor"]) as wire:
        wire.ask("", "institution=demo")
        for size, status in ((None, 411), ("1", 403)):  # 403: passed the gate; Streamlit asks for its token
            line = http_line(address, f"/_stcore/upload_file/{wire.session}/f1", cookies["editor"], size)
            assert f" {status} " in line, line


def http_line(address, path, jar, size):
    """The first line of the answer to a PUT with or without its size."""
    import http.client

    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=60)
    connection.putrequest("PUT", path)
    connection.putheader("Cookie", jar)
    connection.putheader(*(("Content-Length", size) if size else ("Transfer-Encoding", "chunked")))
    connection.endheaders(b"x" if size else b"1\r\nx\r\n0\r\n\r\n")
    answer = connection.getresponse()
    return f"HTTP {answer.status} {answer.reason}"


def test_one_session_lays_no_more_than_its_share_into_the_memory(monkeypatch):
    from starlette.datastructures import Headers

    from pages.door import gate

    monkeypatch.setattr(gate.Gate, "stands", gate.Gate.stands)
    door, editor = gate.Gate(None), people.Person("x", "", "editor")
    door.owners["s"] = "mine"

    def put(size):
        return door._upload_refusal("PUT", "s/f1", Headers({"content-length": str(size)}), "mine", editor)

    assert put(gate.QUOTA - 1) is None
    assert put(2).status_code == 413
    assert put(1) is None


def test_a_new_role_counts_from_the_next_message(address, store):
    people.add(store, "test", "changing", "Changing", "viewer", password="a good long word")
    jar = cookie(address, "changing", "a good long word")
    with Wire(address, jar) as wire:
        assert "secret_draft.csv" not in wire.ask("upload", "institution=demo&lang=en").text
        people.change(store, "test", "changing", role="editor")
        assert "secret_draft.csv" in wire.ask("upload", "institution=demo&lang=en").text
        people.change(store, "test", "changing", role="viewer")
        assert "secret_draft.csv" not in wire.ask("upload", "institution=demo&lang=en").text


def test_a_disabled_account_is_out_at_once(address, store):
    people.add(store, "test", "leaving", "Leaving", "viewer", password="a good long word")
    jar = cookie(address, "leaving", "a good long word")
    with Wire(address, jar) as wire:
        assert wire.ask("", "institution=demo").text
        people.change(store, "test", "leaving", disabled=True)
        with pytest.raises(Refused):
            wire.ask("", "institution=demo")


def test_the_way_back_after_the_sign_in_is_a_path_of_our_own(address):
    for to, where in (
        ("//[", "/"),
        ("/upload?lang=tr", "/upload?lang=tr"),
        ("https://evil.example", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
    ):
        assert sent(address, "/signin", VIEWER | {"next": to})[1]["location"] == where


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(address):
    _, headers, _ = sent(address, "/signin", VIEWER)
    told = headers["set-cookie"].lower()
    assert told.startswith("__host-meridian=")
    assert all(word in told for word in ("httponly", "secure", "samesite=lax", "path=/"))


def test_a_wrong_password_says_nothing_of_the_account(address):
    names, said = ("demo-viewer", "nobody-at-all"), []
    for name in names:
        status, _, body = sent(address, "/signin", {"account": name, "password": "wrong"})
        said.append((status, SEAL.sub("", body.decode()).replace(name, "")))
    assert said[0] == said[1]
    assert said[0][0] == 401


@pytest.mark.parametrize("principal", ["anonymous", "administrator"])
def test_every_answer_carries_the_headers_that_keep_strangers_out(address, cookies, principal):
    for path in (
        "/",
        "/upload",
        "/signin",
        "/ready",
        "/assets/logo.svg",
        "/media/nothing.csv",
        "/_stcore/host-config",
        "/api/v1/values",
        "/nowhere",
    ):
        headers = http(address, path, cookies[principal], Accept="text/html")[1]
        assert {name: headers[name] for name in EVERYWHERE} == EVERYWHERE, path
        assert all(f"{name}" in headers["content-security-policy"] for name in POLICY), path


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", "no-store"), ("/media/nothing.csv", "no-store"), ("/_stcore/host-config", "no-store"), ("/signin", "no-store"),
        ("/api/v1/indicators", "no-store"), ("/assets/logo.svg", "public, max-age=86400"),
    ],
)  # fmt: skip
def test_what_a_signed_in_person_sees_stays_in_no_browser(address, cookies, path, kept):
    assert http(address, path, cookies["administrator"])[1]["cache-control"] == kept


def test_no_page_of_another_address_may_steer_ours(address, cookies):
    body = json.loads(http(address, "/_stcore/host-config", cookies["viewer"])[2])
    assert body["allowedOrigins"] == []
    for origin in ("https://share.streamlit.io", "http://evil.example"):
        headers = http(address, "/_stcore/host-config", cookies["viewer"], Origin=origin)[1]
        assert headers["access-control-allow-origin"] in (None, address)


def test_a_method_that_gives_requests_back_is_not_known(address, cookies):
    for path in ("/", "/signin", "/api/v1/values", "/assets/logo.svg"):
        status, _, body = http(address, path, cookies["administrator"], "TRACE", X_Secret="given back")
        assert status in (404, 405) and b"given back" not in body, path


def test_signing_out_clears_what_the_browser_kept(address):
    jar = cookie(address, "demo-viewer")
    status, headers, _ = sent(address, "/signout", jar=jar, Origin=address)
    assert (status, headers["clear-site-data"]) == (303, '"storage"')
    assert "max-age=0" in next(one for one in headers.get_all("set-cookie") if one.startswith("__Host-meridian=")).lower()


def test_what_is_refused_is_a_line_of_the_servers_output(monkeypatch, caplog):
    from starlette.datastructures import Headers

    from pages.door import gate
    from pipelines.access.permissions import require
    from pipelines.errors import MeridianError

    viewer = people.Person("ali", "", "viewer")
    with caplog.at_level("WARNING"):
        with pytest.raises(MeridianError):
            require(viewer, "upload", "demo\nforged line", "mobility")
        require(viewer, "view")
    assert [one.message for one in caplog.records] == ["refused: 'ali' may not upload 'demo\\nforged line · mobility'"]
    caplog.clear()
    monkeypatch.setattr(gate.Gate, "stands", gate.Gate.stands)
    monkeypatch.setattr(gate, "_who", lambda *_: ("known", viewer))
    told = []

    async def nothing(*_):
        return None

    async def send(message):
        told.append(message)

    for host, refused in (("evil.example", True), ("127.0.0.1", False)):
        scope = {"type": "http", "method": "GET", "path": "/a\nb", "headers": [(b"host", host.encode())], "client": ("10.0.0.9", 1)}
        asyncio.run(gate.Gate(nothing)(scope, nothing, send))
        assert bool(caplog.records) is refused, Headers(scope=scope)
        assert not refused or caplog.records[0].message == "refused with 400: GET '/a\\nb', ali at 10.0.0.9"
        caplog.clear()


def test_after_too_many_tries_one_waits_whether_there_is_such_an_account_or_not(address, store):
    people.add(store, "test", "tired", "Tired", "viewer", password="a good long word")
    for name in ("tired", "nobody-here"):
        tries = [sent(address, "/signin", {"account": name, "password": "wrong"})[0] for _ in range(people.PER_PERSON + 1)]
        assert tries == [401] * people.PER_PERSON + [429]
    assert sent(address, "/signin", VIEWER)[0] == 303


def test_whoever_signs_in_anew_leaves_no_session_behind(address, store):
    jar = cookie(address, "demo-editor")
    assert sent(address, "/signin", VIEWER, jar)[0] == 303
    assert sessions.person_of(store, jar.partition("=")[2]) is None


def test_a_person_changes_the_own_password_and_every_session_ends(address, store):
    people.add(store, "test", "careful", "Careful", "viewer", password="a good long word")
    first, second = (cookie(address, "careful", "a good long word") for _ in range(2))
    new = {"old": "a good long word", "password": "an even longer word"}
    assert sent(address, "/signin/password", new | {"old": "wrong"}, first)[0] == 401
    assert sent(address, "/signin/password", new | {"password": "short"}, first)[0] == 422
    status, headers, _ = sent(address, "/signin/password", new, first)
    assert (status, headers["location"]) == (303, "/")
    assert [sessions.person_of(store, jar.partition("=")[2]) for jar in (first, second)] == [None, None]
    assert cookie(address, "careful", "an even longer word")
    assert http(address, "/signin/password")[0] == 303, "nobody without a session"


def test_the_first_administrator_sets_the_password_with_the_code(address, store):
    word = people.first_administrator(store, "ali")
    told = {"account": "ali", "password": "a good long word"}
    assert sent(address, "/signin/first", told | {"code": "wrong"})[0] == 401
    status, headers, _ = sent(address, "/signin/first", told | {"code": word})
    assert status == 303
    with Wire(address, headers["set-cookie"].split(";")[0]) as wire:
        assert PAGES["people"][1] in wire.ask("people", "institution=demo&lang=en").text


def test_a_session_that_lapsed_gets_the_way_to_the_sign_in_and_nothing_else(address, store, cookies):
    jar = cookie(address, "demo-viewer")
    assert http(address, "/_stcore/host-config", jar)[0] == 200
    with base.change(store) as connection:
        connection.execute("update sessions set seen = seen - 3000 where digest = ?", (sessions.digest(jar.partition("=")[2]),))
    with Wire(address, jar) as wire:
        wire.hear()
        with pytest.raises(Refused):
            wire.ask("", "institution=demo")
        assert (wire.led, wire.session) == ("/signin?out=ended", None)
    with pytest.raises(Refused):
        Wire(address, jar, origin="http://evil.example")
    assert http(address, "/upload", jar, Accept="text/html")[0] == 303


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "tr"])
def test_axe_finds_nothing_serious_on_the_pages_of_the_door_and_a_phone_shows_them_whole(browser, address, lang):  # noqa: F811
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, address, "demo-viewer")
    for path in ("/signin", "/signin?out=ended", "/signin/first", "/signin/password", "/signout"):
        page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={lang}")
        assert serious(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
        assert page.locator("html").get_attribute("lang") == lang
    context.close()


@pytest.mark.browser
def test_pages_of_the_staff_break_no_rule_of_the_browser_and_keep_nothing_in_it(browser, address):  # noqa: F811
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    page = context.new_page()
    left = watched(page, address)
    sign_in(page, address, "demo-administrator")
    for name in STAFF:
        page.goto(f"{address}/{name}?lang=en&institution=demo")
        quiet(page)
    assert left == []
    kept = page.evaluate("() => JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie])")
    assert not re.search(r"demo-|meridian|institution", kept), kept
    page.evaluate("""() => { document.body.append(Object.assign(document.createElement('script'), {src: 'http://evil.invalid/x.js'})) }""")
    page.wait_for_timeout(300)
    assert any("evil.invalid" in one for one in left), "what breaks a rule would be seen"
    context.close()


@pytest.mark.browser
def test_text_that_was_handed_in_runs_nothing_and_fetches_nothing(browser, address, store):  # noqa: F811
    from pipelines.desk import drafts

    draft = drafts.create(store, "demo-administrator", f"{HOSTILE}.csv", b"a;b\n1;2\n", institution="demo", source="mobility", year=2024)
    people.add(store, "test", "hostile", HOSTILE, "viewer", password="a good long word")
    context = browser.new_context(viewport={"width": 1366, "height": 900})
    page = context.new_page()
    left = watched(page, address)
    sign_in(page, address, "demo-administrator")
    seen = ""
    for path in (f"upload?draft={draft.id}", "upload?lang=en", "people?lang=en", "history?lang=en"):
        page.goto(f"{address}/{path}&institution=demo")
        quiet(page)
        seen += page.inner_text("body") + page.evaluate("[...document.querySelectorAll('input')].map(one => one.value).join(' ')")
        assert page.evaluate("[window.hit, document.querySelectorAll('img[src*=evil], script[src*=evil], [onerror]').length]") == [None, 0]
    assert "onerror" in seen, "it was there, as text"
    assert left == []
    context.close()


@pytest.mark.browser
def test_no_page_shows_inside_a_page_of_somebody_else(browser, address):  # noqa: F811
    page = browser.new_page()
    for path in ("/", "/signin"):
        page.set_content(f'<iframe src="{address}{path}"></iframe>')
        page.wait_for_timeout(700)
        assert page.frames[1].url.startswith("chrome-error:"), page.frames[1].url
    page.goto(f"{address}/signin")
    assert page.locator("[name=account]").count() == 1
    page.close()


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    path=st.sampled_from(["/signin", "/signin/first", "/signin/password", "/signout", "/signin/openid/back"]),
    query=st.text(max_size=30),
    body=st.binary(max_size=200)
    | st.dictionaries(st.sampled_from(["account", "password", "code", "old", "next", "form"]), st.text(max_size=40)),
    jar=st.none() | st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60),
)
def test_whatever_is_sent_to_the_sign_in_is_answered_and_breaks_nothing(address, path, query, body, jar):
    content = body if isinstance(body, bytes) else urlencode(body).encode()
    status, _, said = http(address, f"{path}?{urlencode({'next': query, 'lang': query[:2]})}", jar, "POST", content)
    assert 200 <= status < 500
    assert b"Traceback" not in said


def test_a_download_asks_for_the_role_of_the_moment_it_is_made(store, monkeypatch):
    from pages.door.gate import Gate
    from pages.parts import downloads
    from pages.parts import people as shown_people
    from pipelines.errors import MeridianError
    from pipelines.settings import Settings

    monkeypatch.setattr(Gate, "stands", True)
    for module in (downloads, shown_people):
        monkeypatch.setattr(module, "settings", lambda: Settings(store=store.path))
    monkeypatch.setattr(downloads, "make", lambda *_: b"bytes")
    figure = SimpleNamespace(name="A01_path", language="en")
    told = (people.add(store, "test", "lowered", "Lowered", "reporter"), figure, "csv", "demo", 1)
    assert downloads.taken(*told) == b"bytes"
    people.change(store, "test", "lowered", role="viewer")
    with pytest.raises(MeridianError) as stopped:
        downloads.taken(*told)
    assert stopped.value.finding.code == "P101"
    events = [event for event in log.events(store) if event.kind == "exported" and event.by == "lowered"]
    assert [(one.facts["what"], one.facts["format"], one.facts["indicators"]) for one in events] == [("A01_path", "csv", ["A01"])]


@pytest.mark.browser
def test_whose_session_ends_while_a_page_is_open_signs_in_and_is_back_on_it(browser, address, store):  # noqa: F811
    people.add(store, "test", "away", "Away", "viewer", password="a good long word")
    page = browser.new_page()
    sign_in(page, address, "away", "a good long word")
    page.goto(f"{address}/mobility?lang=en")
    quiet(page)
    sessions.end_all(store, "away")
    page.wait_for_url("**/signin**")
    assert page.locator(".note").inner_text() == "Your session has ended."
    page.locator("[name=account]").fill("away")
    page.locator("[name=password]").fill("a good long word")
    page.locator("form button").click()
    page.wait_for_url("**/mobility?lang=en**")
    page.close()


def test_every_sign_in_is_a_line_of_the_log(address, store):
    before = len(log.events(store))
    cookie(address, "demo-reporter")
    assert [(event.kind, event.by) for event in log.events(store)[before:]] == [("signed_in", "demo-reporter")]


# --- the open demo, and what refuses to start --------------------------------------------------------------------------


def test_the_demo_is_open_for_looking_on_this_computer_and_not_through_a_proxy(demo_store):  # noqa: F811
    with serving(demo_store) as where:
        with Wire(where) as wire:
            shown = wire.ask("", "institution=demo&lang=en").text
            assert "Demo, open for looking at on this computer" in shown
            assert "secret" not in wire.ask("upload", "institution=demo&lang=en").text
        assert http(where, "/", None, Accept="text/html", X_Forwarded_For="10.1.1.1")[0] == 303
        with pytest.raises(Refused):
            Wire(where, None, {"X-Forwarded-For": "10.1.1.1"})
        assert all(account.encode() in http(where, "/signin")[2] for account in ACCOUNTS)


def test_the_sign_in_of_an_offices_own_store_names_no_account(address):
    body = http(address, "/signin")[2]
    assert b"meridian-demo" not in body
    assert b"demo-editor" not in body


def test_the_published_password_is_good_on_this_computer_only(demo_store, tmp_path):  # noqa: F811
    told = {"account": "demo-administrator", "password": "meridian-demo"}
    own = Path(shutil.copytree(demo_store, tmp_path / "store"))  # what is refused is written into the log, and others copy the demo's
    with serving(own) as where:
        for header in ("X_Forwarded_For", "Forwarded", "X_Real_IP", "Via"):
            assert sent(where, "/signin", told, **{header: "203.0.113.5"})[0] == 401, header
        refused = [event for event in log.events(Store(own)) if event.kind == "sign_in_refused"]
        assert "203.0.113.5" in {event.facts["address"] for event in refused}, "a proxy on this computer tells who asks"
        assert b"meridian-demo" not in http(where, "/signin", X_Forwarded_For="203.0.113.5")[2]
        assert sent(where, "/signin", told)[0] == 303
        assert b"meridian-demo" in http(where, "/signin")[2]


def test_a_page_that_is_served_around_the_door_shows_nothing(store, address, cookies):
    digest = sessions.digest(cookies["viewer"].partition("=")[2])
    with serving(store.path, "pages/frame.py") as where:
        for headers in ({}, {"X-Meridian-Session": "open"}, {"X-Meridian-Session": digest}):
            with Wire(where, None, headers) as wire:
                assert PAGES["overview"][1] not in wire.ask("", "institution=demo&lang=en").text
    with Wire(address, cookies["viewer"]) as wire:
        assert PAGES["overview"][1] in wire.ask("", "institution=demo&lang=en").text


def started(store_path, *more, **environment):
    """Exit code and words of a server that ends by itself; None and nothing for one that answers, which is stopped then."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), *more]
    known = os.environ | {"MERIDIAN_STORE": str(store_path)} | environment
    process = subprocess.Popen(command, cwd=ROOT, env=known, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        while process.poll() is None:
            with suppress(OSError):
                http(f"http://127.0.0.1:{port}", "/_stcore/health")
                return None, ""
            time.sleep(0.2)
        return process.returncode, process.communicate()[0]
    finally:
        process.kill()
        process.wait()


def test_an_open_address_without_accounts_of_ones_own_refuses_to_start(demo_store):  # noqa: F811
    code, said = started(demo_store, "--server.address", "0.0.0.0")
    assert code not in (None, 0)
    assert "people admin NAME" in said


def test_an_open_address_with_an_account_starts(demo_store, tmp_path):  # noqa: F811
    shutil.copytree(demo_store, tmp_path / "store")
    people.add(Store(tmp_path / "store"), "test", "strangers", "Ali", "administrator", password="a good long word")
    code, _ = started(tmp_path / "store", "--server.address", "0.0.0.0")
    assert code is None


@pytest.mark.parametrize("word", ["changeme", "secretsecretsecretsecretsecretsecret"])
def test_a_weak_secret_refuses_to_start(demo_store, word):  # noqa: F811
    code, said = started(demo_store, MERIDIAN_SECRET=word)
    assert code not in (None, 0)
    assert "MERIDIAN_SECRET" in said
    assert word not in said


def test_a_store_that_everybody_on_the_computer_may_look_into_refuses_to_start(store, tmp_path):
    shutil.copytree(store.path, tmp_path / "store")
    people.add(Store(tmp_path / "store"), "test", "strangers", "Ali", "administrator", password="a good long word")
    (tmp_path / "store").chmod(0o755)
    code, said = started(tmp_path / "store")
    assert code not in (None, 0)
    assert "chmod o-rwx" in said


def test_a_store_is_made_so_that_strangers_cannot_look_into_it(demo_store):  # noqa: F811
    assert stat.S_IMODE(demo_store.stat().st_mode) & stat.S_IRWXO == 0


def test_a_strong_secret_starts(demo_store):  # noqa: F811
    assert started(demo_store, MERIDIAN_SECRET="k2J9-vQ7x_Lp4Zt8Wm1Rb6Yc3Nd5Hs0Fg")[0] is None


@pytest.mark.parametrize(
    "option",
    [
        "client.showErrorDetails=full",
        "server.enableAgentApi=true",
        "server.enableXsrfProtection=false",
        "server.baseUrlPath=m",
        "client.allowedOrigins=https://evil.example",
    ],
)
def test_a_server_that_would_show_its_inside_or_go_around_the_gate_refuses_to_start(demo_store, option):  # noqa: F811
    code, said = started(demo_store, f"--{option}")
    assert code not in (None, 0)
    assert option.partition("=")[0] in said
