"""Signing in through an identity provider: a real one (the package oidc-provider-mock: Flask and Authlib's server), started on loopback."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager

import pytest
from shown import browser, demo_store, quiet, serving  # noqa: F401 - fixtures
from wire import Refused, Wire, http

from pages.door import openid
from pipelines import log
from pipelines.access import people
from pipelines.access.demo import MARK
from pipelines.errors import MeridianError
from pipelines.settings import settings
from pipelines.store import Store

PEOPLE = (
    {"sub": "ece", "name": "Ece Kaya", "email": "ece@example.edu", "preferred_username": "ece", "groups": ["staff", "intl-office"]},
    {"sub": "veli", "name": "Veli", "email": "veli@example.edu", "groups": ["students"]},
    {"sub": "can", "name": "Can", "email": "can@example.edu", "groups": ["intl-office"]},
)


@contextmanager
def provider(port, *more):
    """The provider on a port, with these people; each start is a new one that remembers nothing."""
    told = [word for person in PEOPLE for word in ("--user-claims", json.dumps(person))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "-p", str(port), "-n", "True", *more, *told]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/.well-known/openid-configuration", timeout=5)
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def free():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def port():
    return free()


@pytest.fixture(scope="module")
def store(demo_store, tmp_path_factory):  # noqa: F811
    place = tmp_path_factory.mktemp("openid") / "store"
    shutil.copytree(demo_store, place)
    (place / MARK).unlink()
    return Store(place)


@pytest.fixture(scope="module")
def issuer(port):
    with provider(port) as where:
        yield where


@pytest.fixture(scope="module")
def address(store, port):
    told = {
        "MERIDIAN_OPENID_ISSUER": f"http://127.0.0.1:{port}", "MERIDIAN_OPENID_CLIENT_ID": "meridian", "MERIDIAN_OPENID_NAME": "Example University",
        "MERIDIAN_OPENID_CLIENT_SECRET": "a-secret-of-the-client", "MERIDIAN_OPENID_ROLE_CLAIM": "groups", "MERIDIAN_OPENID_DEFAULT_ROLE": "",
        "MERIDIAN_OPENID_ROLES": json.dumps({"intl-office": "editor", "staff": "viewer"}),
    }  # fmt: skip
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        with serving(store.path) as where:
            yield where
    finally:
        for name, word in before.items():
            os.environ.pop(name) if word is None else os.environ.update({name: word})


def jar_of(headers):
    return "; ".join(one.split(";")[0] for one in headers.get_all("set-cookie") or [])


def leave(address, to="/upload"):
    """To the provider: where it is asked, and the cookie of the way."""
    status, headers, _ = http(address, f"/signin/openid/?next={to}")
    assert status == 302
    return headers["location"], jar_of(headers)


def agree(location, sub="ece"):
    """What a person does at the provider: says who they are; gives the address of the way back."""
    where = urllib.parse.urlparse(location)
    body = urllib.parse.urlencode({"sub": sub}).encode()
    path = f"{where.path}?{where.query}"
    status, headers, said = http(
        f"{where.scheme}://{where.netloc}", path, None, "POST", body, Content_Type="application/x-www-form-urlencoded"
    )
    assert status == 302, said
    return urllib.parse.urlparse(headers["location"])


def come_back(address, where, jar):
    return http(address, f"{where.path}?{where.query}", jar)


def walk(address, sub="ece", to="/upload"):
    location, jar = leave(address, to)
    return come_back(address, agree(location, sub), jar)


def test_the_question_carries_state_nonce_and_a_pkce_challenge(address, issuer):
    location, jar = leave(address)
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlparse(location).query))
    assert location.startswith(issuer)
    assert {"state", "nonce", "code_challenge"} <= asked.keys()
    assert (asked["response_type"], asked["code_challenge_method"], asked["client_id"]) == ("code", "S256", "meridian")
    assert asked["redirect_uri"] == f"{address}/signin/openid/back"
    assert jar.startswith("__Host-meridian-way=")


def test_a_person_of_the_university_comes_in_with_the_role_of_their_group(address, issuer, store):
    status, headers, _ = walk(address)
    assert (status, headers["location"]) == (303, "/upload")
    jar = next(one.split(";")[0] for one in headers.get_all("set-cookie") if one.startswith("__Host-meridian="))
    with Wire(address, jar) as wire:
        assert "Drop one or several files" in wire.ask("upload", "institution=demo&lang=en").text
    assert people.by_subject(store, issuer, "ece").role == "editor"
    assert [event.kind for event in log.events(store)][-1] == "signed_in"


def test_a_second_sign_in_is_the_same_account(address, issuer, store):
    walk(address, "can")
    before = len(people.everybody(store))
    assert walk(address, "can")[0] == 303
    assert len(people.everybody(store)) == before


def test_a_browser_signs_in_with_the_universitys_button_and_lands_on_the_page_asked_for(browser, address, issuer):  # noqa: F811
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{address}/history?lang=en&institution=demo")
    page.get_by_role("link", name="Sign in with Example University").click()
    page.get_by_role("button", name="ece").click()
    page.wait_for_url(re.compile("/history"))
    quiet(page)
    assert page.locator("h1").first.inner_text() == "History"
    context.close()


def test_whoever_has_no_role_is_refused_and_whoever_has_one_is_not(address, issuer, store):
    status, headers, said = walk(address, "veli")
    assert status == 403
    assert b"gives you no role" in said
    assert "__Host-meridian=" not in str(headers)
    assert people.by_subject(store, issuer, "veli") is None
    assert walk(address, "ece")[0] == 303


def test_a_shut_account_stays_out_whatever_the_provider_says(address, issuer, store):
    walk(address, "can")
    account = people.by_subject(store, issuer, "can").id
    people.change(store, "test", account, disabled=True)
    assert walk(address, "can")[0] == 403
    people.change(store, "test", account, disabled=False)
    assert walk(address, "can")[0] == 303


def test_a_role_that_was_changed_here_follows_the_group_at_the_next_sign_in(address, issuer, store):
    walk(address)
    account = people.by_subject(store, issuer, "ece").id
    people.change(store, "test", account, role="viewer")
    walk(address)
    assert people.by_subject(store, issuer, "ece").role == "editor"


def test_a_forged_state_is_refused(address, issuer):
    location, jar = leave(address)
    where = agree(location)
    forged = where._replace(query=re.sub("state=[^&]+", "state=forged", where.query))
    assert come_back(address, forged, jar)[0] == 401
    assert come_back(address, where, jar)[0] == 303


def test_the_way_back_in_another_browser_is_refused(address, issuer):
    location, _ = leave(address)
    assert come_back(address, agree(location), None)[0] == 401


def test_a_code_is_used_once(address, issuer):
    location, jar = leave(address)
    where = agree(location)
    assert come_back(address, where, jar)[0] == 303
    assert come_back(address, where, jar)[0] == 401


def test_a_token_with_another_nonce_is_refused(address, issuer):
    location, jar = leave(address)
    assert come_back(address, agree(re.sub("nonce=[^&]+", "nonce=another", location)), jar)[0] == 401


def test_a_code_for_another_client_is_refused(address, issuer):
    location, jar = leave(address)
    assert come_back(address, agree(location.replace("client_id=meridian", "client_id=other")), jar)[0] == 401


def test_whoever_says_no_at_the_provider_is_back_at_the_sign_in(address, issuer):
    location, jar = leave(address)
    where = urllib.parse.urlparse(location)
    _, headers, _ = http(
        issuer, f"{where.path}?{where.query}", None, "POST", b"action=deny", Content_Type="application/x-www-form-urlencoded"
    )
    back = urllib.parse.urlparse(headers["location"])
    assert come_back(address, back._replace(path="/signin/openid/back"), jar)[0] == 401


def test_the_way_back_leads_to_a_path_of_our_own_only(address, issuer):
    assert walk(address, to=urllib.parse.quote("https://evil.example"))[1]["location"] == "/"


def test_without_the_provider_the_sentence_says_so_and_who_is_in_stays_in(demo_store, tmp_path, monkeypatch):  # noqa: F811
    shutil.copytree(demo_store, tmp_path / "store")
    (tmp_path / "store" / MARK).unlink()
    port = free()
    monkeypatch.setenv("MERIDIAN_OPENID_ISSUER", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("MERIDIAN_OPENID_CLIENT_ID", "meridian")
    with serving(tmp_path / "store") as where:
        with provider(port):
            jar = next(one.split(";")[0] for one in walk(where)[1].get_all("set-cookie") if one.startswith("__Host-meridian="))
        status, _, said = http(where, "/signin/openid/?next=/")
        assert status == 503
        assert b"does not answer" in said
        with Wire(where, jar) as wire:
            assert wire.ask("", "institution=demo").text
        with provider(port):
            assert walk(where)[0] == 303
        with provider(port, "-e", "-7200"):
            assert walk(where)[0] == 401, "a token whose time is over"


def test_without_a_provider_there_is_no_such_address(demo_store, tmp_path):  # noqa: F811
    shutil.copytree(demo_store, tmp_path / "store")
    with serving(tmp_path / "store") as where:
        assert http(where, "/signin/openid/")[0] == 404
        assert b"/signin/openid" not in http(where, "/signin")[2]
        with pytest.raises(Refused):
            Wire(where, None, {"X-Forwarded-For": "1.1.1.1"})


# --- who a token means --------------------------------------------------------------------------------------------------


@pytest.fixture
def told(monkeypatch):
    """Settings of the provider, for this process."""

    def put(**more):
        for name, word in more.items():
            monkeypatch.setenv(f"MERIDIAN_OPENID_{name.upper()}", word if isinstance(word, str) else json.dumps(word))
        settings.cache_clear()

    yield put
    settings.cache_clear()


def claims(**more):
    return {"iss": "https://idp.example", "sub": "s1", "preferred_username": "ali", "name": "Ali"} | more


def test_the_highest_of_several_roles_counts(told, tmp_path):
    told(role_claim="groups", roles={"a": "viewer", "b": "approver", "c": "editor"})
    assert openid.known(Store(tmp_path), claims(groups=["a", "b", "c"])).role == "approver"


def test_a_mapped_word_that_is_no_role_gives_none(told, tmp_path):
    told(role_claim="groups", roles={"a": "king"}, default_role="")
    with pytest.raises(MeridianError) as refused:
        openid.known(Store(tmp_path), claims(groups=["a"]))
    assert refused.value.finding.code == "P133"
    told(default_role="viewer")
    assert openid.known(Store(tmp_path), claims(groups=["a"])).role == "viewer"


def test_a_newcomer_does_not_take_over_the_account_of_the_same_name(told, tmp_path):
    store = Store(tmp_path)
    people.add(store, "test", "ali", "Another Ali", "administrator", password="a good long word")
    found = openid.known(store, claims())
    assert (found.id, found.role) == ("ali.2", "viewer")


def test_the_same_subject_of_another_provider_is_somebody_else(told, tmp_path):
    store = Store(tmp_path)
    assert openid.known(store, claims()).id != openid.known(store, claims(iss="https://other.example")).id
