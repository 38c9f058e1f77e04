"""Accounts and sessions: what is stored, what is refused, what ends when."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from pipelines import log
from pipelines.access import base, passwords, people, secret, sessions
from pipelines.access.permissions import actions, may, require
from pipelines.access.person import ROLES, VISITOR, Person
from pipelines.errors import MeridianError
from pipelines.settings import settings
from pipelines.store import Store

WORD = "correct horse battery"


@pytest.fixture
def store(tmp_path):
    found = Store(tmp_path / "store")
    people.add(found, "system", "ece", "Ece", "editor", (("demo", "mobility"),), password=WORD)
    return found


@pytest.fixture
def clock(monkeypatch):
    """The time of day, to be set."""
    told = {"now": 1_800_000_000.0}
    for module in (people, sessions):
        monkeypatch.setattr(module.time, "time", lambda: told["now"])
    return told


def refused(code, call, *args, **more):
    with pytest.raises(MeridianError) as stopped:
        call(*args, **more)
    assert stopped.value.finding.code == code


def test_who_knows_the_password_comes_in_and_nobody_else(store):
    assert people.check(store, "ece", WORD, "10.0.0.1") == Person("ece", "Ece", "editor", (("demo", "mobility"),))
    refused("P102", people.check, store, "ece", "correct horse", "10.0.0.1")
    refused("P102", people.check, store, "nobody", WORD, "10.0.0.1")


def test_a_password_is_stored_as_argon2id_with_owasps_minimum_and_never_as_itself(store):
    (hashed,) = base.connection(store).execute("select password from people").fetchone()
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert WORD.encode() not in (store.path / "people.sqlite").read_bytes()


@pytest.mark.parametrize(
    "word",
    [
        "too short", "aaaaaaaaaaaa", "1234567890", "Password123", "iloveyou12", "qwertyuiop", "galatasaray1905", "Meridian2026!",
        "erasmus-university", "Meridian ece 12", "x" * 500 + "yz12" * 200,
    ],
)  # fmt: skip
def test_a_password_that_others_would_guess_or_know_is_refused(word):
    refused("P113", passwords.hashed, word, "ece")


@pytest.mark.parametrize("word", [WORD, "ğüşiöç ve çay", "only lower case letters", "long " * 30, "meridian of a quiet city"])
def test_a_password_of_any_signs_is_taken_whole_as_it_was_typed(word):
    stored = passwords.hashed(word, "ece")
    assert passwords.verified(stored, word)
    assert not any(passwords.verified(stored, other) for other in (word[:-1], word.upper(), word + " ", word + "x" * 1100))


def test_an_unknown_person_costs_as_much_work_as_a_known_one(store, monkeypatch):
    worked = []
    verified = passwords.verified
    monkeypatch.setattr(passwords, "verified", lambda stored, password: worked.append(stored[:30]) or verified(stored, password))
    for account in ("ece", "nobody"):
        refused("P102", people.check, store, account, "wrong word here", "10.0.0.1")
    assert len(worked) == 2
    assert worked[0] == worked[1], "the same parameters"


def test_no_password_fits_where_none_is_stored(store):
    people.add(store, "system", "can", "Can", "viewer")
    refused("P102", people.check, store, "can", "", "10.0.0.1")
    assert not passwords.fits(None, WORD)
    assert passwords.fits(passwords.hashed(WORD, "x"), WORD)


def test_no_more_than_four_verifications_are_at_work_at_once(monkeypatch):
    stored, at_work, most = passwords.hashed(WORD, "x"), [], []

    class Slow:
        def verify(self, *_):
            at_work.append(1)
            most.append(len(at_work))
            sleep(0.02)
            at_work.pop()
            return True

    passwords.fits(stored, WORD)  # what is made once is made
    monkeypatch.setattr(passwords, "_hasher", Slow)
    with ThreadPoolExecutor(20) as many:
        assert all(many.map(lambda _: passwords.verified(stored, WORD), range(40)))
    assert max(most) <= 4


def test_guesses_at_the_same_time_count_as_guesses_one_after_another(store):
    def guess(_):
        with pytest.raises(MeridianError) as stopped:
            people.check(store, "ece", "wrong", "10.0.0.1")
        return stopped.value.finding.code

    with ThreadPoolExecutor(20) as many:
        codes = [*many.map(guess, range(40))]
    assert (codes.count("P102"), codes.count("P103")) == (5, 35)
    assert people.add(store, "system", "can", "Can", "viewer", password=WORD)
    assert people.check(store, "can", WORD, "10.0.0.1").id == "can"


def test_a_code_that_is_used_twice_at_the_same_time_sets_one_password(store):
    word = people.code(store, "system", "ece")

    def use(number):
        try:
            return people.redeem(store, "ece", word, f"{WORD} {number}", f"10.0.0.{number}").id
        except MeridianError:
            return None

    with ThreadPoolExecutor(4) as many:
        assert [*many.map(use, range(4))].count("ece") == 1


def test_a_code_outlives_a_password_that_is_too_weak(store):
    word = people.code(store, "system", "ece")
    refused("P113", people.redeem, store, "ece", word, "short", "10.0.0.1")
    assert people.redeem(store, "ece", word, WORD, "10.0.0.1").id == "ece"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True), ("2001:db8::1", "2001:db8:0:1::1", False), ("10.0.0.1", "10.0.0.2", False),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.2", False), ("::ffff:10.0.0.1", "10.0.0.1", True), ("", "", True),
    ],
)  # fmt: skip
def test_a_household_of_the_new_addresses_counts_as_one(one, other, same):
    assert (people._place(one) == people._place(other)) is same


def test_the_published_password_opens_nothing_from_afar(store):
    people.add(store, "system", "demo-viewer", "Viewer", "viewer", password="meridian-demo", demo=True)
    refused("P102", people.check, store, "demo-viewer", "meridian-demo", "10.0.0.1", near=False)
    assert people.check(store, "demo-viewer", "meridian-demo", "127.0.0.1", near=True).id == "demo-viewer"
    assert people.check(store, "ece", WORD, "10.0.0.1", near=False).id == "ece"


def test_a_changed_password_asks_for_the_old_one_and_ends_every_session(store):
    token = sessions.open_session(store, "ece", "10.0.0.1", "password")
    refused("P102", people.new_password, store, "ece", "wrong", "another long word", "10.0.0.1")
    refused("P113", people.new_password, store, "ece", WORD, "short", "10.0.0.1")
    assert sessions.person_of(store, token)
    people.new_password(store, "ece", WORD, "another long word", "10.0.0.1")
    assert sessions.person_of(store, token) is None
    refused("P102", people.check, store, "ece", WORD, "10.0.0.1")
    assert people.check(store, "ece", "another long word", "10.0.0.1").id == "ece"


def test_accounts_and_sessions_are_readable_for_their_owner_only(store):
    files = [file for file in store.path.iterdir() if file.name.startswith("people.sqlite")]
    assert {file.name for file in files} >= {"people.sqlite", "people.sqlite-wal"}
    assert [file.name for file in files if file.stat().st_mode & 0o077] == []


def test_after_five_refusals_an_account_waits_and_after_the_wait_it_does_not(store, clock):
    for _ in range(5):
        refused("P102", people.check, store, "ece", "wrong", "10.0.0.1")
    refused("P103", people.check, store, "ece", WORD, "10.0.0.2")
    clock["now"] += people.WINDOW + 1
    assert people.check(store, "ece", WORD, "10.0.0.2").id == "ece"


def test_an_unknown_account_waits_too_so_that_waiting_tells_nothing(store):
    for _ in range(5):
        refused("P102", people.check, store, "nobody", "wrong", "10.0.0.1")
    refused("P103", people.check, store, "nobody", "wrong", "10.0.0.1")


def test_after_fifty_refusals_an_address_waits_whoever_it_names(store):
    for number in range(50):
        refused("P102", people.check, store, f"n{number}", "wrong", "10.0.0.9")
    refused("P103", people.check, store, "ece", WORD, "10.0.0.9")
    assert people.check(store, "ece", WORD, "10.0.0.8").id == "ece"


def test_refusals_and_sign_ins_are_lines_of_the_log(store):
    refused("P102", people.check, store, "ece", "wrong", "10.0.0.1")
    token = sessions.open_session(store, "ece", "10.0.0.1", "password")
    sessions.close_session(store, token)
    assert [event.kind for event in log.events(store)] == ["account", "sign_in_refused", "signed_in", "signed_out"]


@pytest.mark.parametrize("word", ["short", "aaaaaaaaaaaaaaaa", "ece-ece-ece-1234"])
def test_a_weak_password_is_refused(store, word):
    refused(
        "P113", people.add, store, "system", "other" if "ece" not in word else "ece2", "x", "viewer", password=word.replace("ece-", "ece2-")
    )
    people.add(store, "system", "good", "x", "viewer", password=WORD)


def test_the_first_administrator_gets_a_code_that_sets_a_password_once(store):
    word = people.first_administrator(store, "ali")
    refused("P102", people.redeem, store, "ali", "wrong-code", WORD, "10.0.0.1")
    assert people.redeem(store, "ali", word, WORD, "10.0.0.1").role == "administrator"
    refused("P102", people.redeem, store, "ali", word, WORD, "10.0.0.1")
    assert people.check(store, "ali", WORD, "10.0.0.1").id == "ali"
    refused("P116", people.first_administrator, store, "veli")


def test_a_code_is_good_for_an_hour(store, clock):
    word = people.code(store, "system", "ece")
    clock["now"] += people.CODE_LIVES + 1
    refused("P102", people.redeem, store, "ece", word, WORD, "10.0.0.1")
    again = people.code(store, "system", "ece")
    clock["now"] += people.CODE_LIVES - 1
    assert people.redeem(store, "ece", again, WORD, "10.0.0.1").id == "ece"


def test_only_an_administrator_manages_accounts_on_the_page(store):
    administrator = Person("ali", "Ali", "administrator")
    told = {"name": "Can", "role": "viewer", "grants": (("*", "*"),)}
    refused("P101", people.allow, Person("x", "", "approver"), store, "add", "can", **told)
    assert people.allow(administrator, store, "add", "can", **told)
    people.allow(administrator, store, "change", "can", role="reporter")
    assert people.person(store, "can").role == "reporter"


def test_the_last_administrator_stays(store):
    people.first_administrator(store, "ali")
    refused("P115", people.change, store, "ali", "ali", role="viewer")
    refused("P115", people.change, store, "ali", "ali", disabled=True)
    people.add(store, "ali", "veli", "Veli", "administrator")
    people.change(store, "ali", "ali", role="viewer")


def test_of_two_last_administrators_that_shut_each_other_one_stays(store):
    for account in ("ali", "veli"):
        people.add(store, "system", account, account, "administrator")

    def shut(pair):
        try:
            people.change(store, *pair, disabled=True)
        except MeridianError as stopped:
            return stopped.finding.code
        return ""

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(shut, (("ali", "veli"), ("veli", "ali")))) == ["", "P115"]


def test_two_accounts_of_one_name_are_refused(store):
    refused("P111", people.add, store, "system", "ece", "Ece", "viewer")
    refused("P110", people.add, store, "system", "çağrı", "Çağrı", "viewer")
    refused("P112", people.add, store, "system", "can", "Can", "king")


def test_a_session_is_a_random_token_of_which_only_the_hash_is_kept(store):
    token = sessions.open_session(store, "ece", "10.0.0.1", "password")
    assert len(token) >= 43
    assert token.encode() not in (store.path / "people.sqlite").read_bytes() + (store.path / "people.sqlite-wal").read_bytes()
    assert sessions.person_of(store, token).id == "ece"
    assert sessions.person_of(store, token[:-1]) is None


def test_a_session_ends_when_idle_for_twenty_minutes(store, clock):
    token = sessions.open_session(store, "ece", "10.0.0.1", "password")
    for _ in range(10):
        clock["now"] += sessions.IDLE - 60
        assert sessions.person_of(store, token)
    clock["now"] += sessions.IDLE + 1
    assert sessions.person_of(store, token) is None


def test_a_session_ends_after_eight_hours_however_busy(store, clock):
    token = sessions.open_session(store, "ece", "10.0.0.1", "password")
    for _ in range(31):
        clock["now"] += 900
        assert sessions.person_of(store, token)
    clock["now"] += 901
    assert sessions.person_of(store, token) is None


def test_a_session_that_ended_by_itself_is_told_from_one_that_was_ended(store, clock):
    idle, out = (sessions.open_session(store, "ece", "10.0.0.1", "password") for _ in range(2))
    assert not sessions.lapsed(store, idle)
    sessions.close_session(store, out)
    clock["now"] += sessions.IDLE + 1
    assert [sessions.lapsed(store, token) for token in (idle, out, "made up")] == [True, False, False]
    clock["now"] += sessions.REMEMBERED
    sessions.open_session(store, "ece", "10.0.0.1", "password")
    assert not sessions.lapsed(store, idle), "forgotten after some days"


def test_looking_alone_does_not_keep_a_session_awake(store, clock):
    token = sessions.open_session(store, "ece", "10.0.0.1", "password")
    clock["now"] += sessions.IDLE - 1
    assert sessions.person_behind(store, sessions.digest(token), touch=False)
    clock["now"] += 2
    assert sessions.person_of(store, token) is None


def test_signing_out_disabling_and_a_new_password_end_sessions(store):
    first, second = (sessions.open_session(store, "ece", "10.0.0.1", "password") for _ in range(2))
    sessions.close_session(store, first)
    assert sessions.person_of(store, first) is None
    assert sessions.person_of(store, second)
    people.redeem(store, "ece", people.code(store, "system", "ece"), WORD, "10.0.0.1")
    assert sessions.person_of(store, second) is None
    third = sessions.open_session(store, "ece", "10.0.0.1", "password")
    people.change(store, "system", "ece", disabled=True)
    assert sessions.person_of(store, third) is None
    refused("P102", people.check, store, "ece", WORD, "10.0.0.1")
    people.change(store, "system", "ece", disabled=False)
    assert people.check(store, "ece", WORD, "10.0.0.1")


def test_a_new_role_counts_from_the_next_look(store):
    token = sessions.open_session(store, "ece", "10.0.0.1", "password")
    people.change(store, "system", "ece", role="viewer")
    assert sessions.person_of(store, token).role == "viewer"


def test_a_person_of_an_identity_provider_is_found_by_issuer_and_subject(store):
    people.link(store, "ece", "https://idp.example", "sub-1")
    assert people.linked(store, "https://idp.example", "sub-1") == "ece"
    assert people.linked(store, "https://other.example", "sub-1") is None


def test_one_subject_is_one_account(store):
    people.link(store, "ece", "https://idp.example", "sub-1")
    people.add(store, "system", "can", "Can", "viewer")
    with pytest.raises(sqlite3.IntegrityError):
        people.link(store, "can", "https://idp.example", "sub-1")


# --- the table of permissions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("action", sorted(actions()))
def test_a_role_may_what_every_role_below_it_may(action):
    allowed = [may(Person("x", "", role), action) for role in ROLES]
    assert allowed == sorted(allowed)
    assert allowed[-1], "an administrator may everything"
    assert not may(None, action)


def test_the_table_is_the_issues():
    lowest = {action: rule["from"] for action, rule in actions().items()}
    assert lowest == {
        "view": "viewer", "national": "viewer", "names": "viewer", "read": "viewer", "export": "reporter", "history": "reporter", "write": "reporter", "upload": "editor", "originals": "editor",
        "layouts": "editor", "goals": "editor", "check_in": "editor", "partners": "editor", "approve": "approver", "undo": "approver", "seal": "approver", "settings": "administrator",
        "people": "administrator", "erase": "administrator", "audit": "administrator", "health": "administrator",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("institution", "source", "allowed"),
    [("demo", "mobility", True), ("demo", "goals", False), ("metu", "mobility", False), (None, None, True), (None, "goals", False)],
)
def test_grants_limit_an_editor_to_institutions_and_datasets(institution, source, allowed):
    assert may(Person("x", "", "editor", (("demo", "mobility"),)), "upload", institution, source) is allowed


def test_a_visitor_of_the_open_demo_looks_and_does_nothing_else():
    assert [action for action in actions() if may(VISITOR, action)] == ["view", "national", "names", "read"]


def test_a_refusal_names_the_action_and_the_role_in_both_languages():
    with pytest.raises(MeridianError) as stopped:
        require(Person("x", "", "viewer"), "upload", "demo", "mobility")
    finding = stopped.value.finding
    assert "hand in data (demo · mobility)" in finding.say("what")
    assert "veri verme" in finding.say("what", "tr")
    require(Person("x", "", "editor"), "upload", "demo", "mobility")


# --- the secret --------------------------------------------------------------------------------------------------------


def test_a_secret_of_its_own_is_made_once_and_for_its_owner_only(store):
    assert secret.secret(store) == secret.secret(store)
    assert len(secret.secret(store)) >= 32
    assert (store.path / "secret").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("word", ["short", "changeme" * 8, "a" * 40, "secret" * 10])
def test_a_weak_secret_is_refused(store, monkeypatch, word):
    monkeypatch.setenv("MERIDIAN_SECRET", word)
    settings.cache_clear()
    refused("P120", secret.secret, store)
    monkeypatch.setenv("MERIDIAN_SECRET", "k2J9-vQ7x_Lp4Zt8Wm1Rb6Yc3Nd5Hs0Fg")
    settings.cache_clear()
    assert secret.secret(store)
    monkeypatch.delenv("MERIDIAN_SECRET")
    settings.cache_clear()
