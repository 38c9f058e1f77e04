"""A server as an IT office sets it up: the committed nginx.conf, two web processes and a worker started as their units say, over TLS."""

from __future__ import annotations

import datetime
import ipaddress
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from dotenv import dotenv_values
from shown import browser, closed, demo_store, quiet, sign_in  # noqa: F401 - fixtures
from test_upload_browser import Visitor, figure

from benchmarks.ports import free_ports
from pipelines import log
from pipelines.access import base, people
from pipelines.settings import Settings
from pipelines.store import Store

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"
PASSWORD = "a long enough password"
OUT = "select sum(participants) from core.mobility where institution = 'demo' and academic_year = 2025 and direction = 'out'"


# --- the files as text ------------------------------------------------------------------------------------------------
def test_the_example_of_the_settings_names_every_one_of_them_with_a_sentence():
    lines = (DEPLOY / "meridian.env.example").read_text(encoding="utf-8").splitlines()
    named = [line.lstrip("#").partition("=")[0] for line in lines if re.match(r"#?[A-Z_]+=", line)]
    assert sorted(name for name in named if name.startswith("MERIDIAN_")) == sorted(
        f"MERIDIAN_{name.upper()}" for name in Settings.model_fields
    )
    assert all(re.match(r"#( |\?)", line) or re.match(r"#?[A-Z_]+=", line) or not line for line in lines)


def test_what_the_container_copies_is_all_of_the_product():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("no git here")
    about = {"tests", "docs", "benchmarks", "deploy", ".ci", ".gitignore", ".pre-commit-config.yaml", "Makefile", "requirements-dev.txt"}
    product = {name.partition("/")[0] for name in tracked.stdout.splitlines()} - about
    assert {name for name in product if not name.endswith(".md") and not name.startswith("requirements-")} == set(copied())


def test_both_pages_of_instructions_name_every_file_and_the_same_commands():
    texts = [(DEPLOY / f"README.{lang}.md").read_text(encoding="utf-8") for lang in ("en", "tr")]
    for path in DEPLOY.rglob("*"):
        if path.is_file() and not path.name.startswith("README"):
            assert all(path.name in text for text in texts), path.name
    blocks = [["".join(re.findall(r"^[^#\n]*", block, re.M)).split() for block in re.findall(r"```.*?```", text, re.S)] for text in texts]
    assert blocks[0] == blocks[1]


def test_the_units_are_understood_by_systemd(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("there is no systemd-analyze on this machine")
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text().replace("/opt/meridian/.venv/bin/streamlit", sys.executable)
        text = text.replace("/opt/meridian/.venv/bin/python", sys.executable).replace(
            "WorkingDirectory=/opt/meridian", "WorkingDirectory=/"
        )
        for name in [unit.name.replace("@", f"@{number}") for number in ("", "1", "2")] if "@" in unit.name else [unit.name]:
            (tmp_path / name).write_text(text)
    names = [str(path) for path in tmp_path.iterdir() if "@." not in path.name]
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *names],
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:"},
        capture_output=True,
        text=True,
    )
    assert (said.returncode, said.stderr) == (0, "")


# --- the server -------------------------------------------------------------------------------------------------------
def copied() -> list[str]:
    """What the Containerfile puts into /opt/meridian."""
    lines = re.findall(r"^COPY (.+) \S+$", (DEPLOY / "Containerfile").read_text(), re.M)
    return [name for line in lines for name in line.split()]


def started(unit: str) -> list[str]:
    """The command of a unit."""
    return re.search(r"^ExecStart=(.+)$", (DEPLOY / "systemd" / unit).read_text(), re.M)[1].split()


def certificate(folder: Path) -> None:
    """One for this machine, signed by itself, as fullchain.pem and privkey.pem."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
    )
    made = made.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=2))
    named = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    signed = made.add_extension(x509.SubjectAlternativeName(named), critical=False).sign(key, hashes.SHA256())
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "privkey.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))


@dataclass
class Server:
    """Everything that runs, and how to speak to it."""

    folder: Path
    store: Store
    ports: dict[str, int]
    web: list[subprocess.Popen] = field(default_factory=list)
    worker: subprocess.Popen | None = None
    nginx: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        return f"https://localhost:{self.ports['tls']}"

    def ask(self, path: str, method: str = "GET", **more) -> httpx.Response:
        trusted = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        return httpx.request(method, self.address + path, verify=trusted, timeout=60, **more)

    def lines(self) -> list[dict]:
        """The lines that are written to their end."""
        return [json.loads(line) for line in (self.folder / "meridian.json").read_text().splitlines(keepends=True) if line.endswith("\n")]

    def streams(self) -> set[str]:
        """The processes whose sockets have ended; nginx writes of a socket when it ends."""
        return {line["process"] for line in self.lines() if line["path"].endswith("/_stcore/stream") and line["status"] == 101}

    def line(self, name: str, word: str) -> dict:
        """The newest line in which a field has this word; nginx writes it after it has answered."""
        for _ in range(100):
            if found := [line for line in self.lines() if line[name] == word]:
                return found[-1]
            time.sleep(0.05)
        raise AssertionError(f"nginx wrote no line with {name} {word}")

    def process_of(self, route: str) -> str:
        """Which process a browser with that cookie gets."""
        self.ask(f"/where-{route}", cookies={"meridian_route": route})
        return self.line("path", f"/where-{route}")["process"]


def conf(server: Server) -> str:
    """The committed configuration, with this test's ports, name and places."""
    text = (DEPLOY / "nginx.conf").read_text()
    filled = {
        "listen 80;": f"listen 127.0.0.1:{server.ports['plain']};", "listen 443 ssl http2;": f"listen 127.0.0.1:{server.ports['tls']} ssl http2;",
        "    listen [::]:80;\n": "", "    listen [::]:443 ssl http2;\n": "", "intl.example.edu": "localhost",
        "127.0.0.1:8501 ": f"127.0.0.1:{server.ports['1']} ", "127.0.0.1:8502 ": f"127.0.0.1:{server.ports['2']} ",
        "/etc/ssl/meridian/": f"{server.folder}/", "/var/log/nginx/": f"{server.folder}/",
    }  # fmt: skip
    for mark, word in filled.items():
        assert mark in text, mark
        text = text.replace(mark, word)
    own = "".join(f"{name}_temp_path {server.folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;\n" if os.geteuid() == 0 else ""
    return f"{user}daemon off;\npid {server.folder}/nginx.pid;\nerror_log {server.folder}/error.log;\nevents {{}}\nhttp {{\n{own}{text}}}\n"


@pytest.fixture(scope="module")
def server(demo_store, tmp_path_factory):  # noqa: F811
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        assert os.environ.get("MERIDIAN_BROWSER") != "required", "nginx is required here"
        pytest.skip("there is no nginx on this machine")
    folder = tmp_path_factory.mktemp("server")
    store = closed(demo_store, folder / "store")
    people.add(store, people.SYSTEM, "office", "Office", "approver", password=PASSWORD)
    people.add(store, people.SYSTEM, "rector", "Rector", "viewer", password=PASSWORD)
    made = Server(folder, store, dict(zip(("plain", "tls", "1", "2"), free_ports(4), strict=True)))
    certificate(folder)
    (folder / "nginx.conf").write_text(conf(made))
    for name in copied():
        place = folder / "opt" / name
        shutil.copytree(ROOT / name, place, ignore=shutil.ignore_patterns("__pycache__", "store")) if (
            ROOT / name
        ).is_dir() else place.parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, place) if (ROOT / name).is_file() else None
    try:
        run(made, nginx)
        yield made
    finally:
        for process in filter(None, (made.nginx, made.worker, *made.web)):
            process.terminate()
        for process in filter(None, (made.nginx, made.worker, *made.web)):
            process.wait(60)


def run(server: Server, nginx: str) -> None:
    """Starts what the units start, with the settings of the example."""
    given = {name: word for name, word in dotenv_values(DEPLOY / "meridian.env.example").items() if word}
    given |= {"MERIDIAN_STORE": str(server.store.path), "STREAMLIT_SERVER_ALLOWED_HOSTS": "localhost"}
    env = {name: word for name, word in os.environ.items() if not name.startswith("MERIDIAN_")} | given
    bin_ = str(Path(sys.executable).parent)

    def start(command: list[str], number: str = "") -> subprocess.Popen:
        words = [word.replace("/opt/meridian/.venv/bin", bin_) for word in command]
        words = [str(server.ports[number]) if word == "850%i" else word for word in words]
        out = (server.folder / f"{words[2].replace('/', '')}{number}.log").open("wb")
        return subprocess.Popen(words, cwd=server.folder / "opt", env=env, stdout=out, stderr=out)

    server.web = [start(started("meridian-web@.service"), number) for number in ("1", "2")]
    server.worker = start(started("meridian-worker.service"))
    tried = subprocess.run([nginx, "-t", "-c", server.folder / "nginx.conf"], capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr
    server.nginx = subprocess.Popen([nginx, "-c", str(server.folder / "nginx.conf")], stderr=subprocess.DEVNULL)
    for _ in range(600):
        try:
            if all(httpx.get(f"http://127.0.0.1:{server.ports[number]}/ready", timeout=5).status_code == 200 for number in ("1", "2")):
                break
        except httpx.TransportError:
            assert all(process.poll() is None for process in (*server.web, server.worker, server.nginx)), "one of them has ended"
        time.sleep(0.2)
    assert server.ask("/ready").status_code == 200


class Guest(Visitor):
    """A person at a browser whose process is known: the cookie of the route is there from the beginning."""

    def __init__(self, browser, server, who, route):  # noqa: F811
        from test_upload_browser import WORDS

        self.address, self.lang, self.say, self.sockets = server.address, "en", WORDS["en"], []
        self.context = browser.new_context(viewport={"width": 1366, "height": 900}, ignore_https_errors=True)
        self.context.add_cookies([{"name": "meridian_route", "value": route, "url": server.address}])
        self.page = self.context.new_page()
        self.page.on("websocket", lambda one: self.sockets.append(one.url))
        sign_in(self.page, server.address, who, PASSWORD)


# --- what it promises -------------------------------------------------------------------------------------------------
def test_plain_http_leads_to_https_and_browsers_are_told_to_stay_there(server):
    led = httpx.get(f"http://127.0.0.1:{server.ports['plain']}/overview?lang=tr", headers={"Host": "localhost"})
    assert (led.status_code, led.headers["location"]) == (301, "https://localhost/overview?lang=tr")
    page = server.ask("/signin")
    assert page.status_code == 200 and page.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert page.headers["server"] == "nginx"


@pytest.mark.parametrize(
    ("newest", "let_in"), [(ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)]
)
def test_old_tls_is_refused_and_new_is_not(server, newest, let_in):
    asked = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    asked.check_hostname, asked.verify_mode = False, ssl.CERT_NONE
    asked.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore"):  # that it is old is what is asked
        asked.minimum_version, asked.maximum_version = ssl.TLSVersion.TLSv1, newest
    with socket.create_connection(("127.0.0.1", server.ports["tls"])) as line:
        if let_in:
            assert asked.wrap_socket(line, server_hostname="localhost").version() == newest.name.replace("_", ".")
        else:
            with pytest.raises(ssl.SSLError):
                asked.wrap_socket(line, server_hostname="localhost")


@pytest.mark.parametrize(
    "path",
    [
        "/metrics",
        "/_stcore/metrics",
        "/upload/_stcore/metrics",
        "/_stcore/script-health-check",
        "/_stcore/agent/x",
        "/_stcore/mcp",
        "/openapi.json",
    ],
)
def test_what_is_of_the_machine_alone_is_not_there(server, path):
    assert server.ask(path).status_code == 404
    assert server.ask("/_stcore/health").status_code == 200


def test_without_a_session_one_is_led_to_the_sign_in_whatever_headers_one_sends(server):
    asked = {"accept": "text/html"}
    token = signed_in(server, "rector")
    (digest,) = base.connection(server.store).execute("select digest from sessions order by opened desc limit 1").fetchone()
    forged = asked | {"x-meridian-session": digest, "x-meridian-person": "office", "x-forwarded-for": "127.0.0.1"}
    assert server.ask("/history", headers=forged).headers["location"] == "/signin?next=/history"
    assert server.ask("/history", headers=asked, cookies={"__Host-meridian": token}).status_code == 200


def signed_in(server, account, password=PASSWORD, **headers):
    """The form filled in without a browser; gives the cookie of the session, None where one is not let in."""
    page = server.ask("/signin")
    seal = page.text.partition('name="form" value="')[2].partition('"')[0]
    form = {"form": seal, "account": account, "password": password, "next": "/"}
    done = server.ask("/signin", "POST", data=form, cookies=dict(page.cookies), headers=headers)
    return done.cookies.get("__Host-meridian")


def test_the_address_in_the_log_is_the_one_that_nginx_saw(server):
    assert signed_in(server, "rector", "wrong", X_Forwarded_For="6.6.6.6") is None
    assert (
        signed_in(server, "rector", "wrong", **{"X-Forwarded-For": "6.6.6.6", "X-Real-IP": "6.6.6.6", "Forwarded": "for=6.6.6.6"}) is None
    )
    refused = [event for event in log.events(server.store) if event.kind == "sign_in_refused"]
    assert {event.facts["address"] for event in refused} == {"127.0.0.1"}


def test_a_body_that_is_too_large_stops_at_the_door(server):
    assert server.ask("/signin", "POST", content=b"x" * 20_000).status_code == 413
    assert server.ask("/_stcore/upload_file/a/b", "PUT", content=b"x" * (27 * 2**20)).status_code == 413
    assert server.ask("/_stcore/upload_file/a/b", "PUT", content=b"x" * (2 * 2**20)).status_code == 401
    assert server.ask("/signin", "POST", content=b"x" * 1000).status_code == 403


@pytest.mark.browser
def test_who_publishes_in_one_process_is_seen_by_who_reads_in_the_other(server, browser, tmp_path):  # noqa: F811
    routes = {server.process_of(f"browser{number}"): f"browser{number}" for number in range(12)}
    assert len(routes) == 2, "all cookies lead to one process"
    (of_writer, of_reader) = routes.values()
    writer, reader = Guest(browser, server, "office", of_writer), Guest(browser, server, "rector", of_reader)
    reader.go("overview")
    assert "publication 1 ·" in reader.text()
    before = len(reader.sockets)

    rows = "Kurum;Akademik yıl;Yön;Katılımcı türü;Faaliyet;Program;Ülke;Katılımcı sayısı\n"
    (tmp_path / "giden.csv").write_text(f"{rows}demo;2025-2026;Giden;Öğrenci;Öğrenim;Erasmus+;Almanya;17\n", encoding="utf-8")
    writer.go("upload", dataset="mobility", **{"for": "2025"})
    writer.drop(tmp_path / "giden.csv")
    writer.explain()
    writer.publish()

    assert figure(server.store, OUT) == 17
    writer.go("history")
    assert "Publication 2" in writer.text()
    reader.page.get_by_role("link", name="Overview").first.click()  # the page that is open reads once more
    reader.rest()
    assert "publication 2 ·" in reader.text() and len(reader.sockets) == before
    assert reader.sockets and all(url.startswith(f"wss://localhost:{server.ports['tls']}/") for url in reader.sockets + writer.sockets)
    for guest, route in ((writer, of_writer), (reader, of_reader)):
        assert {one["value"] for one in guest.context.cookies() if one["name"] == "meridian_route"} == {route}
        guest.context.close()
    for _ in range(200):
        if server.streams() == set(routes):
            break
        time.sleep(0.05)
    assert server.streams() == set(routes)
    puts = {line["process"] for line in server.lines() if line["method"] == "PUT" and line["status"] < 300}
    assert puts == {next(process for process, route in routes.items() if route == of_writer)}
    started_by_web = [child.cmdline() for process in server.web for child in psutil.Process(process.pid).children(recursive=True)]
    assert not any("pipelines.desk.worker" in command for command in started_by_web)


def test_a_process_that_has_ended_hands_its_browsers_to_the_other(server):
    routes = {server.process_of(f"browser{number}"): f"browser{number}" for number in range(12)}
    token = signed_in(server, "rector")
    server.web[0].terminate()
    server.web[0].wait(30)
    for process, route in routes.items():
        answer = server.ask("/history", headers={"accept": "text/html"}, cookies={"meridian_route": route, "__Host-meridian": token})
        assert answer.status_code == 200, process


def test_whoever_floods_the_sign_in_is_slowed_down(server):
    said = [server.ask("/signin").status_code for _ in range(60)]
    assert said[0] == 200 and 429 in said
    assert server.ask("/ready").status_code == 200


def test_each_request_is_a_line_of_json_without_what_stands_behind_the_question_mark(server):
    server.ask("/signin/openid/back?code=secret-word")
    lines = server.lines()
    assert all({"request_id", "address", "path", "status", "process", "seconds"} <= line.keys() for line in lines)
    assert "secret-word" not in (server.folder / "meridian.json").read_text()
    assert len({line["request_id"] for line in lines}) == len(lines)


def test_the_id_of_a_request_is_the_one_that_nginx_gave_and_nobody_elses(server):
    given = server.ask("/history", headers={"X-Request-ID": "0123456789abcdef"}).headers["x-request-id"]
    assert given != "0123456789abcdef"
    assert server.line("request_id", given)["path"] == "/history"
