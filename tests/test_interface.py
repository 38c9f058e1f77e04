"""The data interface on a real server: the same figures as everywhere, for whom they are, in three formats, whatever is asked."""

import csv
import io
import json
import os
import subprocess
import sys
from urllib.parse import urlencode

import pyarrow.parquet as pq
import pytest
from jsonschema import Draft202012Validator
from shown import closed, cookie, demo_store, serving  # noqa: F401 - fixtures
from wire import http, why

from pipelines import answers, catalogue, log, measure
from pipelines.access import tokens
from pipelines.access.person import Person
from pipelines.errors import ROOT, MeridianError
from pipelines.interface import datapackage, description, written
from pipelines.interface.questions import AboutValues, understood
from pipelines.interface.resources import RESOURCES, Column, columns_of
from pipelines.warehouse import open_version

ADMIN, VIEWER = Person("admin", "Ali", "administrator"), Person("viewer", "Veli", "viewer")
SAMPLE = ("A01", "A05", "A13", "B01", "C01", "C02", "D01", "E01", "A39")


@pytest.fixture(scope="module")
def store(demo_store, tmp_path_factory):  # noqa: F811
    """An office's own store: the demo's without its mark, so that nobody is let in unasked."""
    return closed(demo_store, tmp_path_factory.mktemp("own") / "store")


@pytest.fixture(scope="module")
def address(store):
    with serving(store.path) as where:
        yield where


@pytest.fixture(scope="module")
def token(store):
    return tokens.issue(store, ADMIN, "warehouse of the rectorate")


@pytest.fixture(scope="module")
def ask(address, token):
    """Status, headers and body of a question with the token."""

    def asked(resource, accept="*/*", **given):
        return http(address, f"/api/v1/{resource}?{urlencode(given)}", Authorization=f"Bearer {token}", Accept=accept)

    return asked


# --- the figures ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", SAMPLE)
def test_a_value_is_the_one_that_the_command_line_gives_to_the_public(code, ask, store):
    status, _, body = ask("values", institution="demo", indicator=code)
    rows = [row for row in json.loads(body)["data"] if row["year_from"] == row["year_to"] and row["year_from"] is not None]
    assert status == 200 and rows
    for row in rows:
        told = answers.value(store.path, code, "demo", str(row["year_from"]), audience="public")
        assert (row["value"], row["suppressed"], row["origin"]) == (told["value"], told.get("hidden", False), told["origin"])


def test_a_breakdown_hides_what_the_pages_hide_and_says_so(ask, store):
    rows = json.loads(ask("values", institution="demo", indicator="A01", by="country", year_from=2023, year_to=2023)[2])["data"]
    told = answers.value(store.path, "A01", "demo", "2023", by="country", audience="public")
    inside = answers.value(store.path, "A01", "demo", "2023", by="country")
    assert {row["key"]: row["value"] for row in rows} == {one["key"]: one["value"] for one in (*told["values"], *told["apart"])}
    hidden = [row["key"] for row in rows if row["suppressed"]]
    few = [one["key"] for one in inside["values"] if 0 < (one["value"] or 0) < 5]
    assert few and set(few) <= set(hidden)
    assert [row for row in rows if row["suppressed"] and (row["value"], row["reported"]) != (None, None)] == []


def test_a_goal_judged_on_a_hidden_number_gives_no_number_away(monkeypatch, store):
    from pipelines.interface import resources

    version = open_version(store.path)
    asked = understood(RESOURCES["goal_status"].question, [("institution", "demo")])
    before, _ = resources.read(version, RESOURCES["goal_status"], asked)
    assert any(row["actual"] is not None for row in before)
    monkeypatch.setattr(resources, "_hidden", lambda version, code, who: {(row["year"], row["unit"] or "") for row in before})
    after, _ = resources.read(version, RESOURCES["goal_status"], asked)
    assert len(after) == len(before) and all(row["suppressed"] for row in after)
    assert {row[name] for row in after for name in ("actual", "attainment", "attainment_path", "distance")} == {None}


def test_every_answer_says_of_which_publication_it_is_and_what_its_numbers_mean(ask, store):
    version = open_version(store.path)
    for name in RESOURCES:
        status, headers, body = ask(name, **({} if name == "indicators" else {"institution": "demo"}))
        told = json.loads(body)
        assert status == 200 and told["data"], name
        assert told["publication"] == {"no": version.no, "digest": version.digest, "as_of": version.about["as_of"][:10]}
        assert {(row["publication"], row["as_of"]) for row in told["data"]} == {(version.no, version.about["as_of"][:10])}
        assert headers["meridian-publication"] == str(version.no)
    told = json.loads(ask("values", institution="demo", indicator="A05")[2])
    assert told["definitions"]["A05"]["definition"] == catalogue.indicator("A05").definition["en"]


def test_three_formats_hold_the_same_rows(ask):
    given = {"institution": "demo", "indicator": "A01", "by": "programme"}
    rows = json.loads(ask("values", **given)[2])["data"]
    status, headers, body = ask("values", accept="text/csv", **given)
    assert (status, headers.get_content_type()) == (200, "text/csv")
    table = list(csv.DictReader(io.StringIO(body.decode("utf-8"))))
    assert [row["value"] for row in table] == ["" if row["value"] is None else repr(row["value"]).removesuffix(".0") for row in rows]
    assert {row["suppressed"] for row in table} <= {"true", "false"}
    parquet = pq.read_table(io.BytesIO(ask("values", format="parquet", **given)[2]))
    assert [row | {"as_of": row["as_of"].isoformat()} for row in parquet.to_pylist()] == rows
    assert parquet.schema.field("value").metadata[b"description"].startswith(b"The value")


def test_pieces_are_the_whole_and_years_are_kept_to(ask):
    whole = json.loads(ask("values", institution="demo")[2])
    pieces, onward = [], "/api/v1/values?institution=demo&limit=400"
    while onward:
        given = dict(part.split("=") for part in onward.partition("?")[2].split("&"))
        told = json.loads(ask("values", **given)[2])
        pieces, onward = pieces + told["data"], told["next"]
    assert len(pieces) == whole["total"] and pieces[: len(whole["data"])] == whole["data"]
    some = json.loads(ask("values", institution="demo", year_from=2021, year_to=2022)[2])["data"]
    assert some and {row["year_from"] for row in some} | {row["year_to"] for row in some} == {2021, 2022}


def test_the_register_is_told_without_who_looks_after_it(ask):
    rows = json.loads(ask("agreements", institution="demo", country="DEU", on="2024-01-01")[2])["data"]
    assert rows and {row["country"] for row in rows} == {"DEU"}
    assert all(row["starts"] <= "2024-01-01" <= (row["ends"] or "9999") for row in rows)
    assert not [name for name in rows[0] if "responsible" in name]
    assert not [row for row in json.loads(ask("goals", institution="demo")[2])["data"] if "responsible" in row]


def test_text_that_a_spreadsheet_would_run_is_made_harmless_in_csv():
    columns = (Column("partner", "string", ""), Column("value", "number", ""), Column("as_of", "date", ""))
    said = written.to_csv(columns, [{"partner": '=HYPERLINK("x")', "value": -1.5, "as_of": "2026-01-01"}]).decode()
    assert said == 'partner,value,as_of\r\n"\'=HYPERLINK(""x"")",-1.5,2026-01-01\r\n'


# --- for whom -------------------------------------------------------------------------------------------------------
def test_nobody_reads_without_a_session_or_a_token(address):
    for more in ({}, {"Authorization": "Bearer meridian_wrong"}, {"Authorization": "Basic eDp5"}, {"X_Meridian_Session": "open"}):
        status, headers, body = http(address, "/api/v1/values?institution=demo", **more)
        assert (status, why(body), headers.get_content_type()) == (401, "P100", "application/problem+json"), more
    assert http(address, "/api/v1/openapi.json")[0] == 401


def test_a_session_reads_and_downloads_as_its_role_may(address, store):
    viewer, reporter = cookie(address, "demo-viewer"), cookie(address, "demo-reporter")
    assert http(address, "/api/v1/goals?institution=demo", viewer)[0] == 200
    status, _, body = http(address, "/api/v1/goals?institution=demo&format=csv", viewer)
    assert (status, why(body)) == (403, "P101")
    assert http(address, "/api/v1/goals?institution=demo&format=csv", reporter)[0] == 200
    *_, noted = [event for event in log.events(store) if event.kind == "exported" and event.by == "demo-reporter"]
    assert (noted.facts["what"], noted.facts["format"]) == ("goals", "csv")


def test_a_token_reads_here_and_nowhere_else_and_ends_when_it_is_revoked(address, store):
    own = tokens.issue(store, ADMIN, "short lived")
    assert http(address, "/api/v1/indicators?limit=1", Authorization=f"Bearer {own}")[0] == 200
    assert http(address, "/", Authorization=f"Bearer {own}", Accept="*/*")[0] == 401
    assert http(address, "/_stcore/upload_file/x/y", method="PUT", body=b"x", Authorization=f"Bearer {own}")[0] == 401
    tokens.revoke(store, ADMIN, "short lived")
    assert why(http(address, "/api/v1/indicators?limit=1", Authorization=f"Bearer {own}")[2]) == "P100"


def test_only_an_administrator_issues_tokens_and_only_their_digest_is_kept(store, token):
    for refused in (VIEWER, None, Person("a", "A", "approver")):
        with pytest.raises(MeridianError) as stopped:
            tokens.issue(store, refused, "mine")
        assert stopped.value.finding.code == "P101"
    with pytest.raises(MeridianError) as taken:
        tokens.issue(store, ADMIN, "warehouse of the rectorate")
    assert taken.value.finding.code == "P136"
    for name, days in (("", 10), ("a\nb", 10), ("fine", 0), ("fine", 99_999)):
        with pytest.raises(MeridianError):
            tokens.issue(store, ADMIN, name, days)
    kept = b"".join(file.read_bytes() for file in store.path.rglob("*") if file.is_file())
    assert token.encode() not in kept and b"warehouse of the rectorate" in kept
    assert [row["name"] for row in tokens.listing(store)] == ["warehouse of the rectorate"]
    told = [event.facts["change"] for event in log.events(store) if event.kind == "token"]
    assert told[0] == "issued" and set(told) <= {"issued", "revoked"}


def test_a_token_that_has_lived_its_days_is_none(store, monkeypatch):
    own = tokens.issue(store, ADMIN, "for a day", days=1)
    assert tokens.person_of(store, own).role == "reporter"
    now = tokens.time.time()
    monkeypatch.setattr(tokens.time, "time", lambda: now + 2 * 86400)
    assert tokens.person_of(store, own) is None
    monkeypatch.undo()
    tokens.revoke(store, ADMIN, "for a day")


def test_the_open_demo_answers_as_its_pages_do(demo_store):  # noqa: F811
    with serving(demo_store) as where:
        assert http(where, "/api/v1/values?institution=demo&indicator=A01")[0] == 200
        assert http(where, "/api/v1/values?institution=demo&indicator=A01&format=csv")[0] == 403
        assert http(where, "/api/v1/values?institution=demo", X_Forwarded_For="203.0.113.9")[0] == 401


# --- whatever is asked ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("values", 422, "A103"), ("values?institution=demo&indicater=A01", 422, "A103"), ("values?institution=demo&institution=igdir", 422, "A103"),
        ("values?institution=demo&year_from=20", 422, "A103"), ("values?institution=demo&limit=0", 422, "A103"), ("values?institution=demo&by=colour", 422, "A103"),
        ("values?institution=nowhere", 404, "K101"), ("values?institution=demo&indicator=Z99", 404, "K101"), ("values?institution=demo&indicator=A05&by=criterion", 404, "M101"),
        ("agreements?institution=demo&country=Germany", 422, "A103"), ("nothing", 404, "A104"), ("values?institution=demo&format=xml", 422, "A103"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_a_problem_with_our_code(path, status, code, address, token):
    found, headers, body = http(address, f"/api/v1/{path}", Authorization=f"Bearer {token}")
    told = json.loads(body)
    assert (found, told["code"], told["status"], headers.get_content_type()) == (status, code, status, "application/problem+json")
    assert told["title"] and told["detail"] and "{detail}" not in told["title"]


def test_what_has_not_changed_is_not_sent_again_and_another_format_is_something_else(address, token, ask):
    _, headers, _ = ask("goals", institution="demo")
    again = http(address, "/api/v1/goals?institution=demo", Authorization=f"Bearer {token}", If_None_Match=headers["etag"])
    assert (again[0], again[2]) == (304, b"")
    other = http(address, "/api/v1/goals?institution=demo&format=csv", Authorization=f"Bearer {token}", If_None_Match=headers["etag"])
    assert other[0] == 200


def test_nothing_can_be_written_over_it(address, token):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert http(address, "/api/v1/values?institution=demo", method=method, body=b"{}", Authorization=f"Bearer {token}")[0] == 405


def test_the_description_says_what_the_code_does(ask):
    told = json.loads(ask("openapi.json")[2])
    assert told == description.openapi() and told["openapi"] == "3.1.0"
    assert set(told["paths"]) == {f"/api/v1/{name}" for name in RESOURCES}
    named = {one["name"]: one for one in told["paths"]["/api/v1/values"]["get"]["parameters"]}
    assert set(named) == set(AboutValues.model_fields) and named["institution"]["required"]
    for name, resource in RESOURCES.items():
        Draft202012Validator.check_schema(told["components"]["schemas"][name])
        rows = json.loads(ask(name, **({} if name == "indicators" else {"institution": "demo"}))[2])["data"]
        check = Draft202012Validator(told["components"]["schemas"][name])
        assert [fault.message for row in rows for fault in check.iter_errors(row)][:3] == []
        assert [column.name for column in columns_of(resource)] == list(rows[0])


def test_questions_made_up_by_a_machine_are_answered_as_described(address, token, tmp_path):
    """Schemathesis makes questions out of the description, good and bad ones, always the same; every answer must be one it promises."""
    (tmp_path / "openapi.json").write_text(json.dumps(description.openapi()), encoding="utf-8")
    (tmp_path / "schemathesis.toml").write_text('[parameters]\n"query.institution" = "demo"\n', encoding="utf-8")
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", str(tmp_path / "openapi.json"), "--url", address, "-H", f"Authorization: Bearer {token}",
        "--max-examples", "8", "--generation-deterministic", "--phases", "examples,coverage,fuzzing",
        "--checks", "all", "--exclude-checks", "ignored_auth", "--workers", "1", "--no-color",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=tmp_path, env=os.environ | {"SCHEMATHESIS_HOOKS": ""}, capture_output=True, text=True, timeout=500, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


# --- a whole publication --------------------------------------------------------------------------------------------
def test_a_publication_is_a_data_package_that_a_stranger_can_check(store, tmp_path):
    import frictionless

    place = datapackage.export(store.path, tmp_path / "package")
    with frictionless.system.use_context(trusted=True):
        package = frictionless.Package(str(place))
        for resource in package.resources:
            if resource.format == "csv":
                report = frictionless.validate(resource)
                assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])[:5]
    assert {resource.name for resource in package.resources if resource.format == "csv"} == {name.replace("_", "-") for name in RESOURCES}
    for name in RESOURCES:
        with (place.parent / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
            assert sum(1 for _ in csv.DictReader(handle)) == pq.read_metadata(place.parent / "data" / f"{name}.parquet").num_rows > 0


def test_the_same_publication_gives_the_same_bytes_as_folder_and_as_archive(store, tmp_path):
    import zipfile

    first = datapackage.contents(open_version(store.path))
    for name in ("one.zip", "two.zip"):
        done = subprocess.run(
            [sys.executable, "-m", "pipelines", "--store", str(store.path), "export", "--to", str(tmp_path / name)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.strip() == str(tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == first
    datapackage.export(store.path, tmp_path / "folder")
    assert {
        path.relative_to(tmp_path / "folder").as_posix(): path.read_bytes() for path in (tmp_path / "folder").rglob("*") if path.is_file()
    } == first


def test_the_package_hides_what_the_pages_hide(store):
    table = list(csv.DictReader(io.StringIO(datapackage.contents(open_version(store.path))["data/values.csv"].decode())))
    hidden = [row for row in table if row["suppressed"] == "true"]
    assert hidden and {row["value"] for row in hidden} == {""}
    shown = {
        (row["indicator"], row["year_from"], row["by"], row["key"]): row["suppressed"] for row in table if row["institution"] == "demo"
    }
    inside = [value for one in catalogue.indicators() for value in measure.values(open_version(store.path), one, institution="demo")]
    few = [value for value in inside if value.prime and value.origin == "computed" and 0 < (value.people or 0) < 5]
    assert few and {shown[value.indicator, str(value.year_from), "", ""] for value in few} == {"true"}
