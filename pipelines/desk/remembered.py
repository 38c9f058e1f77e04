"""Layouts that people of this installation have made by their answers: seen, edited and carried away as TOML."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from typing import Any

import tomli_w

from pipelines import log
from pipelines.access.permissions import require
from pipelines.access.person import Person
from pipelines.errors import MeridianError
from pipelines.layouts import Layout, given, layouts
from pipelines.store import Store

NAME = re.compile(r"[a-z0-9_]{1,60}")


def remembered(store: Store) -> dict[str, Layout]:
    """Name → layout. A file that somebody broke on the disk counts for nothing and stays where it is."""
    found = {}
    for path in sorted(store.layouts.glob("*.toml")):
        try:
            found[path.stem] = given(tomllib.loads(path.read_text(encoding="utf-8")) | {"id": path.stem})
        except (MeridianError, tomllib.TOMLDecodeError, UnicodeDecodeError):
            continue
    return found


def as_toml(told: dict[str, Any]) -> str:
    """A layout's plain values as the text of a TOML file, which may be moved into the product's own ``layouts/``."""
    return tomli_w.dumps(_without_none({name: value for name, value in told.items() if name != "id"}))


def text(store: Store, name: str) -> str:
    """The TOML of one remembered layout. Raises H103 where there is none."""
    path = store.layouts / f"{name}.toml"
    if not NAME.fullmatch(name) or not path.is_file():
        raise MeridianError("H103", detail=name[:60])
    return path.read_text(encoding="utf-8")


def keep(who: Person, store: Store, name: str, toml: str) -> str:
    """Remembers a layout under a name; an older one of that name is replaced. Raises H103 for what is no layout."""
    require(who, "layouts")
    try:
        made = given(tomllib.loads(toml))
    except tomllib.TOMLDecodeError as error:
        raise MeridianError("H103", detail=str(error)) from error
    if not NAME.fullmatch(name) or name in layouts():
        raise MeridianError("H103", detail=name[:60])
    _write(store, who.id, name, as_toml(made.model_dump(mode="json", exclude_defaults=True)))
    return name


def learn(store: Store, by: str, title: str, told: dict[str, Any]) -> str:
    """Remembers what the answers to a file made, named after its institution and dataset; the same layout is learnt once."""
    text = as_toml(told)
    stem = slug(title)
    for number in range(1, 1000):
        name = stem if number == 1 else f"{stem}_{number}"
        path = store.layouts / f"{name}.toml"
        if not path.exists() and name not in layouts():
            _write(store, by, name, text)
            return name
        if path.exists() and _same_file(path.read_text(encoding="utf-8"), told):
            if path.read_text(encoding="utf-8") != text:
                _write(store, by, name, text)
            return name
    raise AssertionError(stem)


def forget(who: Person, store: Store, name: str) -> None:
    """The next file of that shape is asked about again."""
    require(who, "layouts")
    if NAME.fullmatch(name):
        (store.layouts / f"{name}.toml").unlink(missing_ok=True)
        log.append(store, "layout", who.id, name=name, change="removed")


def slug(title: str) -> str:
    """A name of small letters, digits and underscores."""
    plain = unicodedata.normalize("NFKD", title.replace("ı", "i").replace("İ", "I")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50] or "layout"


def _same_file(known: str, told: dict[str, Any]) -> bool:
    """Whether a remembered layout describes the same table: the same columns; its words may have grown."""
    return tomllib.loads(known).get("fields") == _without_none(told).get("fields")


def _write(store: Store, by: str, name: str, toml: str) -> None:
    store.layouts.mkdir(parents=True, exist_ok=True)
    with store.arriving(store.layouts / f"{name}.toml", 0o640) as place:
        place.write_text(toml, encoding="utf-8")
    log.append(store, "layout", by, name=name, change="saved")


def _without_none(value: Any) -> Any:
    """TOML has no word for nothing: what is None is left out."""
    if isinstance(value, dict):
        return {name: _without_none(one) for name, one in value.items() if one is not None}
    return [_without_none(one) for one in value] if isinstance(value, list | tuple) else value
