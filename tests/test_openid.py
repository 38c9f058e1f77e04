"""Signing in through an identity provider: a real one, on this computer, and everything that could be wrong with what it sends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlparse

import pytest
from provider import CLIENT, SECRET
from shown import browser, closed, cookie, demo_store, quiet, sent, serving  # noqa: F401 - fixtures
from wire import http

from benchmarks.ports import free_port
from pages.door import openid
from pipelines import log
from pipelines.access import people, provider
from pipelines.errors import MeridianError
from pipelines.settings import settings
from pipelines.store import Store

HERE = Path(__file__).resolve().parent
ROLES = {"international-office": "editor", "heads": "approver"}
PAGE = "/indicator?id=A02&institution=demo&lang=en"


class Provider:
    """The process of the provider; it may be stopped and started again at its address."""

    def __init__(self):
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "provider.py"), str(self.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(300):
            try:
                return urllib.request.urlopen(f"{self.address}/jwks", timeout=5).close()
            except OSError:
                assert self.process.poll() is None, "the provider ended before it was up"
                time.sleep(0.1)
        raise AssertionError("the provider did not come up")

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def person(self, subject, **claims):
        """Makes a person, or changes what is said of one; gives the subject."""
        status, *_ = http(
            self.address, f"/users/{subject}", method="PUT", body=json.dumps(claims).encode(), Content_Type="application/json"
        )
        assert status == 204
        return subject


@contextmanager
def told(**environment):
    """Settings of an installation, for a server that is started within."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="module")
def store(demo_store, tmp_path_factory):  # noqa: F811
    return closed(demo_store, tmp_path_factory.mktemp("openid") / "store")


@pytest.fixture(scope="module")
def idp():
    started = Provider()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def address(store, idp):
    installed = {
        "ISSUER": idp.address, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET, "NAME": "Sample University", "ROLE_CLAIM": "unit.groups",
        "ROLES": json.dumps(ROLES), "DEFAULT_ROLE": "",
    }  # fmt: skip
    with ExitStack() as stack:
        with told(**{f"MERIDIAN_OPENID_{name}": word for name, word in installed.items()}):
            where = stack.enter_context(serving(store.path))
        yield where


def begin(address, to="/"):
    """Where our server leads, and the cookie that it gives with it."""
    status, headers, _ = http(address, f"/signin/openid?next={quote(to)}&lang=en")
    assert status == 302
    return headers["location"], jar(headers)["__Host-meridian-openid"]


def agree(place, subject):
    """The person signs in at the provider; the path to which one is led back, with code and state."""
    where = urlparse(place)
    _, headers, _ = http(f"{where.scheme}://{where.netloc}", f"{where.path}?{where.query}", method="POST", body=f"sub={subject}".encode())
    led = urlparse(headers["location"])
    return f"{led.path}?{led.query}"


def come_back(address, path, given):
    return http(address, path, f"__Host-meridian-openid={given}" if given else None)


def sign_in(address, subject, to="/"):
    """All of it, as a browser does it: status, headers, body."""
    place, given = begin(address, to)
    return come_back(address, agree(place, subject), given)


def jar(headers):
    found = SimpleCookie()
    for line in headers.get_all("set-cookie") or []:
        found.load(line)
    return {name: one.value for name, one in found.items()}


def session(headers):
    """The cookie of a session; None where none was given."""
    token = jar(headers).get("__Host-meridian")
    return f"__Host-meridian={token}" if token else None


def allowed(address, cookie):
    return http(address, "/_stcore/host-config", cookie)[0] == 200


def account(store, name):
    return {row["id"]: row for row in people.everybody(store)}.get(name)


# --- in -----------------------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_somebody_new_signs_in_at_the_provider_and_lands_on_the_page_that_was_asked_for(browser, address, idp, store):  # noqa: F811
    idp.person("ayse", name="Ayşe Yılmaz", preferred_username="ayse.yilmaz", unit={"groups": ["staff", "international-office"]})
    context = browser.new_context()
    page = context.new_page()
    page.goto(address + PAGE)
    page.get_by_role("link", name="Sign in with Sample University").click()
    page.locator("[name=sub]").fill("ayse")
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(address + PAGE + "**")
    quiet(page)
    assert page.locator("h1").first.inner_text() == "Incoming students"
    assert "Ayşe Yılmaz" in page.inner_text("body")
    assert people.person(store, "ayse.yilmaz").role == "editor"
    kept = {one["name"]: one for one in context.cookies(address)}
    assert "__Host-meridian-openid" not in kept
    assert kept["__Host-meridian"]["httpOnly"] and kept["__Host-meridian"]["secure"]
    assert log.events(store)[-1].facts["how"] == "openid"
    context.close()


def test_the_provider_is_asked_for_a_code_with_pkce_a_nonce_and_a_state_and_knows_our_server(address, idp):
    place, given = begin(address)
    asked = {name: word[0] for name, word in parse_qs(urlparse(place).query).items()}
    assert asked["response_type"] == "code" and asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) >= 20 and len(asked["state"]) >= 20
    assert asked["redirect_uri"] == f"{address}/signin/openid/back"
    come_back(address, agree(place, idp.person("zehra", unit={"groups": ["heads"]})), given)
    assert json.loads(http(idp.address, "/redeemed")[2])[-1] == {"pkce": True, "client": True}


def test_the_cookie_of_a_sign_in_under_way_is_short_lived_and_not_for_scripts(address):
    _, headers, _ = http(address, "/signin/openid")
    words = headers["set-cookie"].lower()
    assert all(word in words for word in ("max-age=600", "httponly", "secure", "samesite=lax", "path=/"))


@pytest.mark.parametrize(("to", "lands"), [
    (PAGE, PAGE), ("//elsewhere.example/", "/"), ("https://elsewhere.example/", "/"), ("/\\elsewhere.example", "/"), ("/signout", "/"), ("//[", "/"),
    ("/mobility?" + "".join(map(chr, range(0x4E00, 0x5A00))), "/"),
])  # fmt: skip
def test_one_lands_on_a_page_of_ours_only(address, idp, to, lands):
    status, headers, _ = sign_in(address, idp.person("burak", unit={"groups": ["heads"]}), to)
    assert (status, headers["location"]) == (303, lands)
    assert allowed(address, session(headers))


def test_a_role_follows_the_claim_at_the_next_sign_in_and_what_an_administrator_set_beside_it_stays(address, idp, store):
    idp.person("deniz", preferred_username="deniz", unit={"groups": ["heads"]})
    sign_in(address, "deniz")
    people.change(store, "system", "deniz", grants=[("demo", "*")])
    idp.person("deniz", preferred_username="deniz", unit={"groups": "international-office"})
    sign_in(address, "deniz")
    assert people.person(store, "deniz").role == "editor"
    assert people.person(store, "deniz").grants == (("demo", "*"),)


def test_groups_that_the_provider_tells_beside_the_token_count_too(address, idp, store):
    idp.person("yasemin", preferred_username="yasemin", unit={"groups": ["heads"]}, bend="apart")
    assert session(sign_in(address, "yasemin")[1])
    assert people.person(store, "yasemin").role == "approver"


def test_a_name_that_is_taken_here_gives_nobody_that_account(address, idp, store):
    idp.person("stranger", preferred_username="demo-administrator", email="demo-editor", unit={"groups": ["heads"]})
    _, headers, _ = sign_in(address, "stranger")
    assert allowed(address, session(headers))
    assert people.linked(store, idp.address, "stranger").startswith("person-")
    assert account(store, "demo-administrator")["issuer"] is None and account(store, "demo-administrator")["role"] == "administrator"


def test_the_same_person_in_two_windows_has_one_account(address, idp, store):
    idp.person("twice", preferred_username="twice", unit={"groups": ["heads"]})
    first, second = sign_in(address, "twice")[1], sign_in(address, "twice")[1]
    assert session(first) != session(second)
    assert [row["id"] for row in people.everybody(store) if row["id"].startswith("twice")] == ["twice"]


# --- refused, each beside one that is let in -----------------------------------------------------------------------------


def refused(answer, status, words):
    """Whether an answer is the sign-in page that says why not, without a session."""
    return answer[0] == status and session(answer[1]) is None and words in answer[2].decode()


NOT_ACCEPTED = "was not accepted"


@pytest.mark.parametrize("how", [
    "nonce", "no nonce", "audience", "party", "issuer", "expired", "none", "shared", "key", "subject", "no token",
])  # fmt: skip
def test_a_token_with_one_thing_wrong_lets_nobody_in_and_the_same_person_gets_in_without_it(address, idp, how):
    groups = {"groups": ["heads"]}
    assert refused(sign_in(address, idp.person("kerem", unit=groups, bend=how)), 403, NOT_ACCEPTED)
    assert session(sign_in(address, idp.person("kerem", unit=groups, bend="nothing"))[1])


def test_a_forged_state_is_refused_and_the_real_one_accepted(address, idp):
    place, given = begin(address)
    path = agree(place, idp.person("lale", unit={"groups": ["heads"]}))
    code = parse_qs(urlparse(path).query)["code"][0]
    forged = "/signin/openid/back?" + urlencode({"code": code, "state": "made-up"})
    answer = come_back(address, forged, given)
    assert refused(answer, 403, NOT_ACCEPTED)
    assert openid.COOKIE not in jar(answer[1])  # the sign-in that is under way in another window goes on
    assert session(come_back(address, path, given)[1])


def test_an_answer_counts_in_the_browser_that_asked_only(address, idp):
    idp.person("mert", unit={"groups": ["heads"]})
    place, given = begin(address)
    path = agree(place, "mert")
    _, another = begin(address)
    for wrong in (None, another, given[:-2] + "xx", "e30.aaaa.bbbb"):
        assert refused(come_back(address, path, wrong), 403, NOT_ACCEPTED)
    assert session(come_back(address, path, given)[1])


def test_a_code_counts_once(address, idp):
    place, given = begin(address)
    path = agree(place, idp.person("nil", unit={"groups": ["heads"]}))
    assert session(come_back(address, path, given)[1])
    assert refused(come_back(address, path, given), 403, NOT_ACCEPTED)


def test_a_code_of_another_sign_in_is_refused(address, idp):
    """Somebody puts the code of one sign-in into another one's answer: the verifier does not fit."""
    mine, given = begin(address)
    other, _ = begin(address)
    path, stolen = agree(mine, idp.person("okan", unit={"groups": ["heads"]})), agree(other, "okan")
    code = parse_qs(urlparse(stolen).query)["code"][0]
    mixed = "/signin/openid/back?" + urlencode({"code": code, "state": parse_qs(urlparse(path).query)["state"][0]})
    assert refused(come_back(address, mixed, given), 403, NOT_ACCEPTED)


def test_whoever_says_no_at_the_provider_is_led_back_to_the_sign_in(address):
    place, given = begin(address, PAGE)
    state = parse_qs(urlparse(place).query)["state"][0]
    answer = come_back(address, f"/signin/openid/back?error=access_denied&state={state}", given)
    assert refused(answer, 403, NOT_ACCEPTED)
    assert PAGE.replace("&", "&amp;") in answer[2].decode()


def test_an_answer_that_names_another_issuer_is_refused(address, idp):
    place, given = begin(address)
    path = agree(place, idp.person("pelin", unit={"groups": ["heads"]}))
    assert refused(come_back(address, f"{path}&iss=https://elsewhere.example", given), 403, NOT_ACCEPTED)
    assert session(come_back(address, f"{path}&iss={quote(idp.address)}", given)[1])


def test_nobody_without_a_role_gets_in_and_whoever_has_one_does(address, idp, store):
    idp.person("selin", preferred_username="selin", unit={"groups": ["students"]})
    assert refused(sign_in(address, "selin"), 403, "gives you no role here")
    assert account(store, "selin") is None
    assert log.events(store)[-1].kind == "sign_in_refused"
    idp.person("selin", preferred_username="selin", unit={"groups": ["students", "heads"]})
    assert session(sign_in(address, "selin")[1])


def test_a_shut_account_stays_out_and_gets_no_second_one_until_it_is_opened_again(address, idp, store):
    idp.person("tuna", preferred_username="tuna", unit={"groups": ["heads"]})
    _, headers, _ = sign_in(address, "tuna")
    people.change(store, "system", "tuna", disabled=True)
    assert not allowed(address, session(headers))
    before = len(people.everybody(store))
    assert refused(sign_in(address, "tuna"), 403, "Your account is shut")
    assert len(people.everybody(store)) == before
    people.change(store, "system", "tuna", disabled=False)
    assert session(sign_in(address, "tuna")[1])


@pytest.mark.fault("F14", full=5, short=1)
def test_a_provider_that_is_away_is_said_so_in_both_languages_sessions_go_on_and_it_comes_back(address, idp, rounds):
    for _ in range(rounds):
        away_and_back(address, idp)


def away_and_back(address, idp):
    idp.person("umut", unit={"groups": ["heads"]})
    going_on = session(sign_in(address, "umut")[1])
    place, given = begin(address)
    path = agree(place, "umut")
    idp.stop()
    try:
        for tongue, words in (("en", "Sample University does not answer."), ("tr", "Sample University yanıt vermiyor.")):
            assert refused(http(address, f"/signin/openid?lang={tongue}"), 503, words)
        assert refused(come_back(address, path, given), 503, "does not answer")
        assert allowed(address, going_on)
        assert cookie(address, "demo-viewer").startswith("__Host-meridian=")  # local accounts need no provider
    finally:
        idp.start()
    idp.person("umut", unit={"groups": ["heads"]})
    assert session(sign_in(address, "umut")[1])  # with keys that the provider made anew


def test_without_a_provider_there_is_no_such_address_and_no_button(store):
    with serving(store.path) as where:
        assert http(where, "/signin/openid")[0] != 302
        assert b"/signin/openid" not in http(where, "/signin")[2]


# --- the settings --------------------------------------------------------------------------------------------------------


@pytest.fixture
def decided(monkeypatch):
    def chosen(**words):
        for name, word in words.items():
            monkeypatch.setenv(f"MERIDIAN_OPENID_{name.upper()}", word)
        settings.cache_clear()

    yield chosen
    settings.cache_clear()


def test_the_highest_of_several_roles_counts_and_a_claim_may_lie_within_another(decided):
    decided(role_claim="realm_access.roles", roles=json.dumps(ROLES), default_role="viewer")
    assert provider.role_of({"realm_access": {"roles": ["heads", "international-office"]}}) == "approver"
    assert provider.role_of({"realm_access.roles": "international-office"}) == "editor"
    assert provider.role_of({"realm_access": ["heads"]}) == "viewer"
    decided(default_role="")
    assert provider.role_of({"realm_access": {"roles": [["heads"], 7, None]}}) is None


@pytest.mark.parametrize("table", ["{}", json.dumps(ROLES)])
def test_without_a_claim_of_roles_a_new_person_looks_and_an_administrator_gives_more(decided, tmp_path, table):
    decided(role_claim="", roles=table, default_role="viewer")
    store, claims = Store(tmp_path / "store"), {"sub": "1", "email": "a@uni.example"}
    assert provider.settle(store, "https://idp.example", claims, "").role == "viewer"
    people.change(store, "system", "a@uni.example", role="approver")
    assert provider.settle(store, "https://idp.example", claims, "").role == "approver"


def test_the_same_subject_of_another_provider_is_somebody_else(decided, tmp_path):
    decided(default_role="viewer")
    store = Store(tmp_path / "store")
    first, second = (provider.settle(store, issuer, {"sub": "1", "email": "a@uni.example"}, "").id for issuer in ("https://a", "https://b"))
    assert first != second
    assert provider.settle(store, "https://a", {"sub": "1"}, "").id == first


def test_the_last_administrator_is_not_lost_to_a_claim(decided, tmp_path):
    decided(role_claim="group", roles='{"it": "administrator", "staff": "viewer"}')
    store = Store(tmp_path / "store")
    first = provider.settle(store, "https://a", {"sub": "1", "group": "it"}, "")
    with pytest.raises(MeridianError, match="last administrator"):
        provider.settle(store, "https://a", {"sub": "1", "group": "staff"}, "")
    assert log.events(store)[-1].kind == "sign_in_refused"
    provider.settle(store, "https://a", {"sub": "2", "group": "it"}, "")
    assert provider.settle(store, "https://a", {"sub": "1", "group": "staff"}, "").role == "viewer"
    assert people.person(store, first.id).role == "viewer"


def test_names_that_the_log_uses_for_nobody_are_not_given(decided, tmp_path):
    decided(default_role="viewer")
    store = Store(tmp_path / "store")
    made = [
        provider.settle(store, "https://idp.example", {"sub": name, "preferred_username": name}, "").id
        for name in ("System", "visitor", "çağ")
    ]
    assert all(name.startswith("person-") for name in made)


def test_what_a_stranger_sends_is_one_line_of_the_log(decided, caplog):
    with caplog.at_level("WARNING", logger="meridian.signin"), pytest.raises(MeridianError), openid._asking():
        raise ValueError("first line\nOpenID: a forged one")
    assert "\n" not in caplog.messages[-1] and "forged" in caplog.messages[-1]


# --- out -----------------------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_whoever_came_through_the_provider_may_sign_out_there_too(browser, address, idp):  # noqa: F811
    idp.person("yusuf", unit={"groups": ["heads"]})
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/signin?lang=en")
    page.get_by_role("link", name="Sign in with Sample University").click()
    page.locator("input[name=sub]").fill("yusuf")
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(lambda url: "/signin" not in url and url.startswith(address))
    page.goto(f"{address}/signout?lang=en")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You are signed out.").wait_for()
    assert "__Host-meridian" not in {one["name"] for one in context.cookies(address)}
    page.get_by_role("link", name="Sign out of Sample University too").click()
    page.wait_for_url(f"{idp.address}/oauth2/end_session?**")
    page.get_by_role("button").first.click()
    page.wait_for_url(f"{address}/signin?**")
    context.close()


def test_whoever_came_with_a_password_is_not_led_to_the_provider(address):
    given = cookie(address, "demo-viewer")
    _, headers, _ = sent(address, "/signout?lang=tr", jar=given)
    assert headers["location"] == "/signin?out=password&lang=tr"
    _, _, body = http(address, headers["location"])
    assert "Oturumunuz kapatıldı" in body.decode() and "/signin/openid/out" not in body.decode()
