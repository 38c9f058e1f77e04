"""The command of whoever looks after the server: how the installation is doing, for people and for timers."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from pipelines.language import LANGUAGES, language
from pipelines.settings import settings

app = typer.Typer()


@app.command()
def health(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="en or tr")] = settings().language,
) -> None:
    """How the installation is doing; exit code 1 when somebody has to come."""
    from pipelines.health.alarms import fired
    from pipelines.health.checks import checks, ready
    from pipelines.health.figures import figures
    from pipelines.store import Store

    if lang not in LANGUAGES:
        raise typer.BadParameter("en, tr")
    store = Store(context.obj["store"])
    known, found = figures(store), checks(store)
    firing = fired(known)
    told: dict[str, Any] = {
        "ready": ready(found), "alarms": {one.id: {"what": one.sentence(known, lang), "remedy": one.remedy[lang]} for one in firing},
        "checks": {one.name: one.why.say("what", lang) if one.why else None for one in found}, "figures": known,
    }  # fmt: skip
    print(json.dumps(told, ensure_ascii=False, indent=1) if as_json else _text(told, lang))
    if firing or not told["ready"]:
        raise typer.Exit(1)


def _text(told: dict[str, Any], lang: str) -> str:
    say = language(lang)
    lines = [say("Somebody has to come:") if told["alarms"] or not told["ready"] else say("Everything is in order.")]
    for name, one in told["alarms"].items():
        lines += [f"! {name}: {one['what']}", f"    {say('To do')}: {one['remedy']}"]
    lines += [f"{'-' if why else '+'} {name}: {why or say('good')}" for name, why in told["checks"].items()]
    return "\n".join(lines)
