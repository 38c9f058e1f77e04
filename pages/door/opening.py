"""Before anything is served: what would let strangers in, or show them the inside, stops the start with a sentence that says why."""

from __future__ import annotations

import stat
import sys

from streamlit import config

from pages.door import caller
from pipelines.access import people, secret
from pipelines.errors import MeridianError
from pipelines.language import language
from pipelines.settings import settings
from pipelines.store import Store

SAFE = {
    "client.showErrorDetails": ("none", "none"),
    "server.enableAgentApi": (False, "false"),
    "server.enableXsrfProtection": (True, "true"),
    "server.baseUrlPath": ("", '""'),
    "server.trustedUserHeaders": ({}, "{}"),
    "global.developmentMode": (False, "false"),
    "client.allowedOrigins": ([], "[]"),
}
"""Option → the only value to start with, and how it is written."""
UNSAFE_TO_START = 78
"""Exit code: a fault of the configuration (sysexits.h)."""


def check() -> None:
    """Raises the first fault: P120 (secret), P121 (no accounts on an open address), P122 (an option), P123 (an open folder)."""
    store, address = Store(settings().store), str(config.get_option("server.address") or "0.0.0.0")  # noqa: S104 # nosec B104 - what Streamlit does
    secret.secret(store) if settings().secret else None
    for option, (good, written) in SAFE.items():
        value = config.get_option(option)
        if str(value).lower() != str(good).lower():
            raise MeridianError("P122", option=option, value=value, good=written)
    if address not in caller.LOOPBACK and not people.real_accounts(store):
        raise MeridianError("P121", address=address)
    if people.real_accounts(store) and store.path.stat().st_mode & stat.S_IRWXO:
        raise MeridianError("P123", folder=store.path)


def or_stop() -> None:
    """Checks, and ends the process with the sentence where something is wrong."""
    try:
        check()
    except MeridianError as error:
        say = language(settings().language)
        sentence = " ".join(error.finding.say(part, say.code) for part in ("what", "cause", "remedy"))
        sys.stderr.write(f"{error.finding.code}: {sentence}\n")
        sys.stderr.flush()
        raise SystemExit(UNSAFE_TO_START) from error
