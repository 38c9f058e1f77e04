"""Folders of knowledge: every TOML file of a folder is found, checked against its model, and a broken one is named with its fault.

All broken files are named in one message, so that nobody mends one only to meet the next.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from pipelines.errors import MeridianError

KINDS = {
    "indicator": "gösterge", "policy": "politika", "layout": "düzen", "source": "veri seti", "institution": "kurum", "year": "yıl",
    "structural rule": "yapısal kural", "framework": "çerçeve", "criterion": "ölçüt",
    "country": "ülke", "partner": "ortak",
}  # fmt: skip
"""What can be asked for by name, and its Turkish word."""
LISTED = 20
"""How many names a sentence lists."""


def _both(text: dict[str, str]) -> dict[str, str]:
    missing = {"en", "tr"} - {language for language, words in text.items() if words.strip()}
    if missing:
        raise ValueError(f"text is missing in: {', '.join(sorted(missing))}")
    return text


Text = Annotated[dict[str, str], AfterValidator(_both)]
"""A text in every language of the product: ``{en = "…", tr = "…"}``."""


class Knowledge(BaseModel):
    """One file. Unknown words are refused: a misspelt key must not be ignored silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str


Model = TypeVar("Model", bound=Knowledge)
Entry = TypeVar("Entry")


def load_folder(folder: Path, model: type[Model]) -> dict[str, Model]:
    """Every ``*.toml`` below ``folder`` by id (the file's name). Raises K100 naming all broken files."""
    found: dict[str, Model] = {}
    broken: list[str] = []
    for path in sorted(folder.rglob("*.toml")):
        if path.name.startswith("_"):
            continue
        try:
            entry = model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")) | {"id": path.stem})
            if entry.id in found:
                raise ValueError(f"the name {entry.id} is taken")
            found[entry.id] = entry
        except (tomllib.TOMLDecodeError, ValidationError, ValueError) as error:
            broken.append(f"{path.name}: {_first_fault(error)}")
    if broken:
        raise MeridianError("K100", count=len(broken), list="; ".join(broken))
    return found


def choose(kind: str, name: str, known: Mapping[str, Entry]) -> Entry:
    """The entry called ``name``, or K101 with the nearest names."""
    if name in known:
        return known[name]
    raise unknown(kind, name, known)


def unknown(kind: str, name: str, known: Iterable[str]) -> MeridianError:
    """K101, to be raised: the nearest names, and the first of those that exist."""
    names = sorted(known)
    listed = ", ".join(names[:LISTED]) + (" …" if len(names) > LISTED else "")
    near = ", ".join(get_close_matches(name, names, 3, 0.5)) or "–"
    return MeridianError("K101", kind=kind, kind_tr=KINDS[kind], name=name, near=near, known=listed or "–")


def _first_fault(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors()[:3])
    return str(error)
