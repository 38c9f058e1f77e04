"""A backup of the demo, another when nothing changed, and its restore into an empty folder, each in a fresh process."""

from __future__ import annotations

from pathlib import Path

from benchmarks.meter import Weight, weigh


def keep(store: Path, folder: Path) -> dict[str, Weight]:
    """What each took, by name."""
    vault = folder / "vault"
    return {
        "first": weigh("pipelines", "--store", store, "backup", vault),
        "again": weigh("pipelines", "--store", store, "backup", vault),
        "restore": weigh("pipelines", "--store", folder / "back", "restore", vault),
    }
