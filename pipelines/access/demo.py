"""The demo's own accounts, one a role. They exist in a store with the demo's mark only, and such a store is open on this computer alone."""

from __future__ import annotations

from pipelines.access import people
from pipelines.access.person import EVERYTHING, Grant, Role
from pipelines.store import Store

MARK = "demo.json"
"""Beside the store's folders: what the demo was built from. A store without it is somebody's own."""
ACCOUNTS: dict[str, Role] = {
    "demo-viewer": "viewer", "demo-reporter": "reporter", "demo-editor": "editor", "demo-approver": "approver",
    "demo-administrator": "administrator",
}  # fmt: skip
PASSWORD = "meridian-demo"  # noqa: S105 - published, as the accounts are


def is_demo(store: Store) -> bool:
    """Whether the store holds the demo and nothing of anybody's own."""
    return (store.path / MARK).is_file()


def make(store: Store) -> None:
    """Every account; the editor hands in for the sample university only."""
    for account, role in ACCOUNTS.items():
        grants: tuple[Grant, ...] = (("demo", "*"),) if role == "editor" else EVERYTHING
        people.add(store, "Meridian", account, account.partition("-")[2].title(), role, grants, password=PASSWORD, demo=True)
