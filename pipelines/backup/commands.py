"""What an IT office does on the command line: backup, restore, upgrade."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.store import Store

app = typer.Typer()


@app.command()
def backup(context: typer.Context, target: Annotated[Path, typer.Argument(help="Folder on another disk; grows with each backup.")]) -> None:
    """Copy what cannot be made again to another disk, while everybody works."""
    from pipelines.backup.make import backup as make

    done = make(Store(context.obj["store"]), target)
    print(f"backed up: {len(done.manifest.files)} files, {done.files} of them new ({done.bytes} bytes), {done.manifest.name}")


@app.command()
def restore(
    context: typer.Context, source: Annotated[Path, typer.Argument(metavar="FROM", help="Folder that holds backups.")],
    name: Annotated[str, typer.Option("--manifest", help="An earlier backup; left out: the newest.")] = "",
) -> None:  # fmt: skip
    """Put a backup into an empty store, build the version on air anew and compare its digest."""
    from pipelines.backup.restore import restore as put_back

    store = Store(context.obj["store"])
    done = put_back(store, source, name)
    current = store.current()
    print(f"restored: {done.files} files ({done.bytes} bytes) of {done.manifest.at}")
    print(f"on air: no. {current.no}, digest {current.digest}, as it was" if current else "nothing was on air")


@app.command()
def upgrade(context: typer.Context, by: Annotated[str, typer.Option(help="Who answers for it.")]) -> None:
    """After an upgrade of the product: read every original anew and put the same files on air."""
    from pipelines import path
    from pipelines.publishing.upgrade import upgrade as go_on

    store = Store(context.obj["store"])
    done = go_on(store, path.retidy(store), by)
    print(f"read anew: {done.same} tables the same, {done.grown} the same with further columns")
    for name in done.apart:
        print(f"read differently now, goes on as it was accepted: {name}")
    print(f"published no. {done.publication.no}: {done.publication.files} files, digest {done.publication.digest[:12]}")
