"""Accounts on the command line: the first administrator comes from here and never from a page."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.access import people, tokens
from pipelines.access.person import Person
from pipelines.settings import settings
from pipelines.store import Store

ON_THE_SERVER = Person(people.SYSTEM, "", "administrator")
"""Whoever has the command line has the files."""
app = typer.Typer(no_args_is_help=True, help="Accounts: who may do what.")
Account = Annotated[str, typer.Argument(help="The account's name: letters, digits, . _ @ + -")]
Grants = Annotated[list[str] | None, typer.Option("--grant", help="institution:dataset, several times; left out: everything.")]


@app.command()
def admin(account: Account) -> None:
    """Make the first administrator; prints a code that sets the password within the hour at /signin/first."""
    _print_code(account, people.first_administrator(_store(), account))


@app.command()
def add(account: Account, role: str, name: str = "", grant: Grants = None) -> None:
    """Make an account; prints its one-time code."""
    people.add(_store(), people.SYSTEM, account, name or account, role, _grants(grant))
    _print_code(account, people.code(_store(), people.SYSTEM, account))


@app.command()
def role(account: Account, role: str, grant: Grants = None) -> None:
    """Change an account's role, and its grants where they are named."""
    more = {"grants": _grants(grant)} if grant else {}
    people.change(_store(), people.SYSTEM, account, role=role, **more)


@app.command()
def disable(account: Account) -> None:
    """Shut an account; its sessions end at once."""
    people.change(_store(), people.SYSTEM, account, disabled=True)


@app.command()
def enable(account: Account) -> None:
    """Open an account again."""
    people.change(_store(), people.SYSTEM, account, disabled=False)


@app.command()
def code(account: Account) -> None:
    """A new one-time code, for somebody who forgot the password."""
    _print_code(account, people.code(_store(), people.SYSTEM, account))


@app.command()
def token(name: Annotated[str, typer.Argument(help="The programme that will use it.")], days: int = tokens.LIVES) -> None:
    """Issue a token that reads the data interface; it is printed this once."""
    typer.echo(tokens.issue(_store(), ON_THE_SERVER, name, days))


@app.command()
def revoke(name: str) -> None:
    """End a token at once."""
    tokens.revoke(_store(), ON_THE_SERVER, name)


@app.command("tokens")
def token_list() -> None:
    """All tokens: who issued them, until when they live, when they were last used."""
    for row in tokens.listing(_store()):
        typer.echo(f"{row['name']}\t{row['by']}\t{row['until']:%Y-%m-%d}\t{row['used'] or ''}")


@app.command("list")
def listing() -> None:
    """All accounts."""
    for row in people.everybody(_store()):
        grants = ", ".join(":".join(grant) for grant in row["grants"])
        typer.echo(f"{row['id']}\t{row['role']}\t{grants}\t{'disabled' if row['disabled'] else ''}")


def _store() -> Store:
    from pipelines.__main__ import state

    return Store(state.get("store") or settings().store)


def _grants(told: list[str] | None) -> tuple[tuple[str, str], ...]:
    return tuple((whose or "*", what or "*") for whose, _, what in (one.partition(":") for one in told or ["*:*"]))


def _print_code(account: str, word: str) -> None:
    typer.echo(f"{account}: open /signin/first within the hour and set a password with this code:\n{word}")
