"""XML: a document whose root a layout knows, opened in the child and read as one sheet.

A place in it is the number of the row (row 1 holds the paths of the elements, row 2 the first record) and the column of the element;
column A says on which line of the document the row begins.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import Finding, Place
from pipelines.formats.refusal import refused
from pipelines.formats.sheet import Sheet
from pipelines.formats.spreadsheet import arrived, in_child

if TYPE_CHECKING:
    from pipelines.receive import Received


def sheets(path: Path, file: str) -> list[Sheet]:
    """The one sheet of a document. Raises E270–E276, E241, E242."""
    with tempfile.TemporaryDirectory(prefix="meridian-") as name:
        folder = Path(name)
        about = _opened(path, file, folder)
        (sheet,) = arrived(file, folder)
    sheet.findings += [Finding("I277", Place(file), {"element": name}, count) for name, count in about["unread"].items()]
    if people := about["people"]:
        sheet.findings.append(Finding("I278", Place(file), {"elements": ", ".join(people)}, sum(people.values())))
    return [sheet]


def without_people(received: Received, folder: Path) -> Received:
    """The document without the elements that name people, as a file in ``folder``; the same document where there are none.

    Whatever is kept of a document is kept of this copy. Raises as ``sheets`` does.
    """
    with tempfile.TemporaryDirectory(prefix="meridian-") as name:
        made = Path(name)
        about = _opened(received.path, received.name, made)
        if not about["cut"]:
            return received
        data = (made / "clean.xml").read_bytes()
    place = folder / f"{received.sha256[:16]}.xml"
    place.write_bytes(data)
    return replace(received, path=place, size=len(data), sha256=sha256(data).hexdigest())


def _opened(path: Path, file: str, folder: Path) -> dict[str, Any]:
    """What the child made lies in the folder; gives what it said of elements that were not read."""
    from pipelines.layouts import layouts

    trees = [one.tree.model_dump() for one in layouts().values() if one.tree]
    (folder / "trees.json").write_text(json.dumps(trees), encoding="utf-8")
    in_child("tree", path, file, folder)
    if (folder / "refused.json").is_file():
        told = json.loads((folder / "refused.json").read_text(encoding="utf-8"))
        raise refused(told["code"], Place(file), **told["values"])
    (about,) = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    return about
