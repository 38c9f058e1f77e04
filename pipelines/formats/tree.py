"""An XML document becomes rows of text cells. Runs in the child only, as the document may be hostile.

A layout says which documents it reads (``pipelines.layouts.Tree``, handed over as ``trees.json``): the root, the element that is one
record, the paths of the columns. Elements go by their local name, as namespaces change with every major version of an interface.
Declarations of any kind are refused before anything is built. What is refused is written as ``refused.json``; the content of elements
that name people is cut out of the bytes, and the rest written as ``clean.xml``: nothing else of them ever leaves the child.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from pipelines.formats.child import write

DEEPEST = 40
"""Elements inside each other. The interfaces of Erasmus Without Paper need nine."""
LONGEST = 100_000
"""Characters of one text. The longest real ones are descriptions of some thousands."""
MOST = 2_000_000
"""Elements of a document; an agreement has about fifty."""
LINE = "line"
"""The first column of every sheet: the line of the document on which the row's element begins."""
LEFT_OUT = "left out: "
_TAG = re.compile(rb"""<(?:[^"'>]|"[^"]*"|'[^']*')*>""")
_HERE = " line"  # no attribute of a document can hold a blank in its name


class Refusal(Exception):
    """A document that is not read: a code and the values of its sentence."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code, self.values_told = code, values


class Builder:
    """What the parser tells, as elements by their local name with the line they stand on; what is too deep, long or many is refused."""

    def __init__(self, trees: list[dict[str, Any]]) -> None:
        self.trees = trees
        self.tree: dict[str, Any] = {}
        self.people: frozenset[str] = frozenset()
        self.parser: Any = None
        self.open: list[Element] = []
        self.root: Element | None = None
        self.count, self.length = 0, 0
        self.cuts: list[tuple[int, int, str]] = []
        self.inside: tuple[int, int] | None = None
        self.left_out: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) >= DEEPEST or self.count > MOST:
            what, most = ("depth", DEEPEST) if len(self.open) >= DEEPEST else ("elements", MOST)
            raise Refusal("E272", line=self.parser.CurrentLineNumber, what=what, limit=most)
        element = Element(local(tag), {local(name): word for name, word in attributes.items()})
        element.set(_HERE, str(self.parser.CurrentLineNumber))
        if self.open:
            self.open[-1].append(element)
        else:
            self.root, self.tree = element, chosen(element, self.trees)
            self.people = frozenset(self.tree["people"])
        if self.inside is None and element.tag in self.people:
            self.inside = (len(self.open), self.parser.CurrentByteIndex)
        self.open.append(element)
        self.length = 0

    def data(self, text: str) -> None:
        self.length += len(text)
        if self.length > LONGEST:
            raise Refusal("E272", line=self.parser.CurrentLineNumber, what="text", limit=LONGEST)
        if self.inside is None and self.open and not len(self.open[-1]):
            self.open[-1].text = (self.open[-1].text or "") + text

    def end(self, tag: str) -> None:
        element = self.open.pop()
        self.length = 0
        if self.inside and len(self.open) == self.inside[0]:
            self.cuts.append((self.inside[1], self.parser.CurrentByteIndex, element.tag))
            element.clear()
            self.inside = None

    def comment(self, text: str) -> None:
        if text.startswith(LEFT_OUT):
            self.left_out.append(text.removeprefix(LEFT_OUT).strip())

    def close(self) -> Element | None:
        return self.root


def local(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


def parsed(data: bytes, trees: list[dict[str, Any]]) -> Builder:
    """The document as elements, by the layout that knows its root.

    Raises Refusal with E270 (not well formed), E271 (declarations), E272 (too deep, long or many), E273, E274 (no layout reads it).
    """
    built = Builder(trees)
    try:
        parser = DefusedXMLParser(target=built, forbid_dtd=True)
        built.parser = parser.parser
        parser.feed(data)
        parser.close()
    except DefusedXmlException as error:
        raise Refusal("E271", line=built.parser.CurrentLineNumber) from error
    except (ParseError, ValueError, LookupError) as error:
        raise Refusal("E270", reason=str(error)[:200]) from error
    if built.root is None:
        raise Refusal("E270", reason="no element")
    return built


def utf8(data: bytes) -> bytes:
    """A document in UTF-16 as UTF-8, so that places in it are places in bytes; any other as it is."""
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return data
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise Refusal("E270", reason=str(error)[:200]) from error
    return re.sub(r"""(<\?xml[^>]*?)\s+encoding\s*=\s*["'][^"']*["']""", r"\1", text, count=1).encode("utf-8")


def without_people(data: bytes, cuts: list[tuple[int, int, str]]) -> bytes:
    """The document with a remark in place of every element that names people. Every other element stays on its line."""
    kept, at = [], 0
    for begin, end, tag in cuts:
        alone = _TAG.match(data, begin) if begin == end else None
        over = alone.end() if alone else data.index(b">", end) + 1
        kept += [data[at:begin], f"<!--{LEFT_OUT}{tag}".encode(), b"\n" * data.count(b"\n", begin, over), b"-->"]
        at = over
    return b"".join([*kept, data[at:]])


def found(element: Element, path: str) -> str | None:
    """The text at a path: the first of its alternatives (``a | b``) that has one; several elements are joined by " · ", each text once."""
    for one in path.split(" | "):
        where, _, attribute = one.strip().partition("@") if not one.rstrip().endswith("]") else (one.strip(), "", "")
        elements = [element] if where in ("", ".") else element.findall(where.rstrip("/"))
        texts = [e.tag if attribute == "name" else e.get(attribute) if attribute else e.text for e in elements]
        told = dict.fromkeys(" ".join(text.split()) for text in texts if text and text.strip())
        if told:
            return " · ".join(told)
    return None


def records(root: Element, tree: dict[str, Any]) -> Iterator[tuple[int, Element, Element]]:
    """(number, record, row) of every row: the record itself, or each element inside it that is a row of its own."""
    known = [root] if tree["record"] == "." else root.findall(tree["record"])
    for number, record in enumerate(known, 1):
        inside = record.findall(tree["rows"]) if tree["rows"] else []
        for row in inside or [record]:
            yield number, record, row


def rows(root: Element, tree: dict[str, Any]) -> list[list[str | None]]:
    """The header (paths as they stand in the layout) and one row of texts for every row of the document."""
    head: list[str | None] = [LINE, "number", *tree["columns"].values(), *tree["row_columns"].values()]
    table = [head]
    for number, record, row in records(root, tree):
        own = [found(record, path) for path in tree["columns"].values()]
        inner = [found(row, path) if row is not record else None for path in tree["row_columns"].values()]
        table.append([row.get(_HERE), str(number), *own, *inner])
    return table


def unread(root: Element, tree: dict[str, Any]) -> dict[str, int]:
    """Names of elements that hold text, are in no path of the layout and are not known to be of no use: how often each stands."""
    said = [*tree["columns"].values(), *tree["row_columns"].values(), tree["record"], tree["rows"] or ""]
    known = {word for path in said for word in re.findall(r"[\w.-]+", path)} | set(tree["ignore"])
    return dict(Counter(e.tag for e in root.iter() if e.tag not in known and (e.text or "").strip()).most_common(20))


def chosen(root: Element, trees: list[dict[str, Any]]) -> dict[str, Any]:
    """The layout's tree for this document. Raises Refusal with E273 (identifiers only), E274 (no layout reads it)."""
    if tree := next((one for one in trees if one["root"] == root.tag), None):
        return tree
    if root.tag.endswith("-index-response"):
        raise Refusal("E273", root=root.tag)
    raise Refusal("E274", root=root.tag[:80], known=", ".join(sorted(one["root"] for one in trees)))


def convert(data: bytes, folder: Path) -> None:
    """One sheet, named after the record, with an index of what the parent needs to know; or the reason why not."""
    trees = json.loads((folder / "trees.json").read_text(encoding="utf-8"))
    try:
        data = utf8(data)
        built = parsed(data, trees)
        assert built.root is not None
        tree = built.tree
        table = rows(built.root, tree)
        if len(table) == 1:
            raise Refusal("E275", root=built.root.tag, record=tree["record"])
        _keys(table, tree)
    except Refusal as refusal:
        (folder / "refused.json").write_text(json.dumps({"code": refusal.code, "values": refusal.values_told}), encoding="utf-8")
        return
    if built.cuts:
        (folder / "clean.xml").write_bytes(without_people(data, built.cuts))
    columns = [list(column) for column in zip(*table, strict=True)]
    write(folder, 0, columns, [[False] * len(table) for _ in columns])
    name = built.root[0].tag if tree["record"] == "*" else built.root.tag if tree["record"] == "." else tree["record"].rpartition("/")[2]
    told: dict[str, Any] = {"number": 0, "name": name, "hidden": False, "merges": [], "uncalculated": []}
    told |= {"unread": unread(built.root, tree), "people": dict(Counter([*(tag for _, _, tag in built.cuts), *built.left_out]))}
    told["cut"] = len(built.cuts)
    (folder / "index.json").write_text(json.dumps([told]), encoding="utf-8")


def _keys(table: list[list[str | None]], tree: dict[str, Any]) -> None:
    """Elements without which the rows mean nothing: a document that has one nowhere is of another kind or version."""
    head = table[0]
    paths = {**tree["columns"], **tree["row_columns"]}
    for name in tree["keys"]:
        at = head.index(paths[name])
        if not any(row[at] for row in table[1:]):
            raise Refusal("E276", record=tree["record"], element=paths[name])
