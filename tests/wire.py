"""The server as a program sees it that is no browser: raw HTTP and raw websockets, with any cookie and any header."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

PATIENCE = 60


class Refused(Exception):
    """The server did not let the socket open, or closed it."""


@dataclass
class Page:
    """What came over the wire for one page: all of it as text, the pages that are offered, the ids of widgets by their label."""

    text: str = ""
    pages: dict[str, str] = field(default_factory=dict)
    widgets: dict[str, str] = field(default_factory=dict)


class Wire:
    """A websocket of a visitor. ``cookie`` is a whole Cookie header; ``headers`` whatever else a client likes to claim."""

    def __init__(self, address, cookie=None, headers=None, origin="own", resume=None):
        more = dict(headers or {}) | ({"Cookie": cookie} if cookie else {})
        protocols = ["streamlit", "x", resume] if resume else ["streamlit"]
        try:
            self.socket = connect(
                address.replace("http", "ws") + "/_stcore/stream", subprotocols=protocols, additional_headers=more, max_size=None,
                origin=address if origin == "own" else origin, open_timeout=PATIENCE, legacy=True,
            )  # fmt: skip
        except (InvalidStatus, ConnectionClosed, OSError) as error:
            raise Refused(str(error)) from error
        self.session, self.led = None, ""
        """The number of the browser's session, and where the server leads to when it ends."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def ask(self, page="", query="", page_hash=None, pressed=None):
        """A rerun as a browser asks for one; ``page_hash`` and ``pressed`` may be forged."""
        asked = BackMsg()
        asked.rerun_script.page_name, asked.rerun_script.query_string = page, query
        if page_hash:
            asked.rerun_script.page_script_hash = page_hash
        asked.rerun_script.widget_states.SetInParent()
        if pressed:
            state = asked.rerun_script.widget_states.widgets.add()
            state.id, state.trigger_value = pressed, True
        found = Page()
        try:
            self.socket.send(asked.SerializeToString())
            while True:
                told = ForwardMsg.FromString(self.socket.recv(timeout=PATIENCE))
                self._take(told, found)
                if told.WhichOneof("type") == "script_finished" and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    return found
        except ConnectionClosed as closed:
            raise Refused(str(closed)) from closed

    def hear(self):
        """Takes what the server says unasked."""
        try:
            self._take(ForwardMsg.FromString(self.socket.recv(timeout=PATIENCE)), Page())
        except ConnectionClosed as closed:
            raise Refused(str(closed)) from closed

    def _take(self, told, found):
        kind = told.WhichOneof("type")
        if kind == "new_session":
            self.session = told.new_session.initialize.session_id
        if kind == "auth_redirect":
            self.led = told.auth_redirect.url
        if kind == "navigation":
            found.pages |= {one.url_pathname: one.page_script_hash for one in told.navigation.app_pages}
        if kind == "delta":
            element = told.delta.new_element
            found.text += str(told.delta)
            if element.WhichOneof("type") == "button":
                found.widgets[element.button.label] = element.button.id


def http(address, path, cookie=None, method="GET", body=None, **headers):
    """Status, headers and body of a request; nothing is followed."""
    more = {name.replace("_", "-"): word for name, word in headers.items()} | ({"Cookie": cookie} if cookie else {})
    request = urllib.request.Request(address + path, body, more, method=method)
    try:
        with urllib.request.build_opener(_Still).open(request, timeout=PATIENCE) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read()


class _Still(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **more):
        return None


def why(body):
    """The code of a refusal."""
    try:
        return json.loads(body)["code"]
    except (ValueError, KeyError):
        return ""
