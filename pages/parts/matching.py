"""Handing in, the middle: the picture of the file with its header, its columns, and its words, each answered once for all rows."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from pages.parts import handing, markup, tables
from pages.parts.selection import Visit
from pipelines.codes import institutions, words
from pipelines.desk import matching
from pipelines.desk.drafts import DraftState
from pipelines.errors import letters
from pipelines.language import Language
from pipelines.sources import Column, Source, sources

TOLD_BESIDE = {
    "mobility": ("direction", "role", "activity", "programme", "level", "mode"),
    "country_distribution": ("group", "level"),
    "agreements": ("kind", "programme"),
    "activities": ("kind",),
}
"""What an office's file often leaves to its title: asked once for the whole file."""
ASKED = 60
"""Words asked on one page."""
EMPTY = "-"


def columns(visit: Visit, draft: DraftState, told: dict[str, Any]) -> None:
    """Where the table is and which column is which."""
    say, source = visit.say, sources()[draft.source]
    if told["step"] != "columns" and draft.answers.get("columns") is None:
        _known(visit, draft, told)
        return
    answers = told["answers"]
    st.header(say("Where the table begins"), anchor=False)
    _where(visit, draft, told, answers)
    st.header(say("Which column is which"), anchor=False)
    names = told.get("header") or matching.header(told["pictures"], answers)
    with st.form("columns", border=True):
        chosen, stands = _columns(visit, told, answers, names, source)
        st.markdown(f"**{say('What the file does not say')}**")
        constants = _constants(visit, answers, source)
        _open_points(visit, told, source)
        if st.form_submit_button(say("Read it like this"), type="primary"):
            fresh = answers | {"columns": chosen, "stands": stands, "constants": constants}
            handing.answer(visit, draft, answers=draft.answers | fresh)


def _known(visit: Visit, draft: DraftState, told: dict[str, Any]) -> None:
    """A file whose layout is known: which one, and the way to explain it anew."""
    say = visit.say
    markup.paragraph(say("The layout of this file is known: {name}. Nothing has to be matched.", name=told["layout_id"]), "m-verdict")
    header = told["layout"].get("header", {})
    _picture(told["pictures"][0], header.get("row", 0), header.get("rows", 1), say)
    if st.button(say("Explain the columns myself"), key="explain"):
        handing.answer(visit, draft, answers={**draft.answers, **matching.propose(told["pictures"], sources()[draft.source])})


def _where(visit: Visit, draft: DraftState, told: dict[str, Any], answers: dict[str, Any]) -> None:
    """The first rows as a picture, with the header marked; sheet and row can be moved."""
    say, pictures = visit.say, told["pictures"]
    names = [picture["name"] or "" for picture in pictures]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        sheet = answers.get("sheet") or names[0]
        if len(names) > 1:
            sheet = st.selectbox(say("Sheet"), names, index=names.index(sheet) if sheet in names else 0, key="sheet", width=260)
        row = st.number_input(say("Header row"), 1, matching.SHOWN_ROWS, int(answers.get("row") or 1), key="header_row", width=140)
        rows = st.segmented_control(
            say("Rows of the header"), [1, 2], default=int(answers.get("rows") or 1), key="header_rows", required=True, width="content"
        )
        moved = (sheet or None, int(row), int(rows or 1)) != (
            answers.get("sheet") or names[0] or None,
            answers.get("row"),
            answers.get("rows", 1),
        )
        if moved and st.button(say("Use this header"), key="move", type="primary"):
            where = {"sheet": sheet or None, "row": int(row), "rows": int(rows or 1)}
            kept = {name: answer for name, answer in draft.answers.items() if name not in ("columns", "stands", "sheet", "row", "rows")}
            handing.answer(visit, draft, answers=kept | where)
    picture = next((one for one in pictures if (one["name"] or "") == sheet), pictures[0])
    _picture(picture, int(row), int(rows or 1), say)


def _picture(picture: dict[str, Any], row: int, rows: int, say: Language) -> None:
    """The first rows as they stand in the file, with its own letters and numbers."""
    width = max((len(one) for one in picture["rows"]), default=0)
    head = "<th></th>" + "".join(f'<th scope="col">{letters(at + 1)}</th>' for at in range(width))
    body = ""
    for number, cells in enumerate(picture["rows"], 1):
        kind = ' class="head"' if row <= number < row + rows else ' class="above"' if number < row else ""
        shown = "".join(f"<td>{escape(word)}</td>" for word in [*cells, *[""] * (width - len(cells))])
        mark = f' <span class="p">{escape(say("header"))}</span>' if kind == ' class="head"' else ""
        body += f'<tr{kind}><th scope="row">{number}{mark}</th>{shown}</tr>'
    label = say("The first rows of {sheet}", sheet=picture["name"] or say("the file"))
    tables.drawn(head, body, label, "picture")


def _columns(
    visit: Visit, told: dict[str, Any], answers: dict[str, Any], names: list[str], source: Source
) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """One choice a column of the file; a column of numbers also says whom it counts where there are several."""
    say = visit.say
    options = [matching.NOT_READ, *(column.name for column in source.columns), matching.TOTAL]
    label = {column.name: say.pick(column.title) for column in source.columns}
    label |= {matching.NOT_READ: say("not read"), matching.TOTAL: say("the sum of the columns beside it")}
    chosen: dict[str, str] = {}
    stands: dict[str, dict[str, str]] = {}
    known = words.names("gender", say.code)
    for at, name in enumerate(names):
        before = answers.get("columns", {}).get(name)
        hint = before or matching.suggestion(name, source) or matching.NOT_READ
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            chosen[name] = st.selectbox(
                _said(name, before, hint, say), options, index=options.index(hint) if hint in options else 0, format_func=label.__getitem__,
                key=f"column_{at}", width=330,
            )  # fmt: skip
            markup.paragraph(say("e.g. {words}", words=_sample(told, answers, name) or "–"))
            if before == matching.measured(source):
                own = answers.get("stands", {}).get(name, {}).get("gender", EMPTY)
                who = st.selectbox(
                    say("counts"), [EMPTY, *known], index=[EMPTY, *known].index(own), key=f"stands_{at}", width=180,
                    format_func=lambda code: known.get(code, say("everybody")),
                )  # fmt: skip
                stands |= {name: {"gender": who}} if who != EMPTY else {}
    return chosen, stands


def _said(name: str, before: str | None, hint: str, say: Language) -> str:
    """The head of a column; a likeness says that it is only a suggestion."""
    plain = name.replace("[", "(").replace("]", ")")
    return f"{plain} – {say('suggested, please confirm')}" if hint and not before else plain


def _sample(told: dict[str, Any], answers: dict[str, Any], name: str) -> str:
    """The first words below a header, from the picture."""
    picture = next((one for one in told["pictures"] if one["name"] == answers.get("sheet")), told["pictures"][0])
    row, rows = answers.get("row", 1), answers.get("rows", 1)
    heads = matching.names(picture, row, rows) or []
    at = heads.index(name) if name in heads else -1
    below = [cells[at] for cells in picture["rows"][row + rows - 1 :] if 0 <= at < len(cells) and cells[at].strip()]
    return ", ".join(below[:3])


def _constants(visit: Visit, answers: dict[str, Any], source: Source) -> dict[str, str]:
    """One word for all rows of what stands in no column: required ones, and those a title often tells."""
    say, given = visit.say, answers.get("constants", {})
    told = set(answers.get("columns", {}).values())
    asked = [
        column
        for column in source.columns
        if column.vocabulary and column.name not in told and (column.required or column.name in TOLD_BESIDE.get(source.name, ()))
    ]
    found = {name: word for name, word in given.items() if name not in {column.name for column in asked}}
    with st.container(horizontal=True, gap="small"):
        for column in asked:
            word = _constant(visit, column, given.get(column.name, EMPTY))
            found |= {column.name: word} if word != EMPTY else {}
    if not asked:
        markup.paragraph(say("Nothing: every column that is needed is there."))
    return found


def _constant(visit: Visit, column: Column, before: str) -> str:
    say = visit.say
    known = words.names(str(column.vocabulary), say.code)
    options = [EMPTY, *known]
    label = f"{say.pick(column.title)} ({say('required') if column.required else say('may stay open')})"
    at = options.index(before) if before in options else 0
    name = lambda code: known.get(code, say("not told"))  # noqa: E731
    return st.selectbox(label, options, index=at, key=f"constant_{column.name}", format_func=name, width=230)


def _open_points(visit: Visit, told: dict[str, Any], source: Source) -> None:
    """What still stands in the way, in words."""
    say = visit.say

    def named(columns: list[str]) -> str:
        return ", ".join(say.pick(source.column(name).title) for name in columns)

    if told.get("missing"):
        st.info(say("Still needed: {columns}.", columns=named(told["missing"])), icon=":material/help:")
    if told.get("doubled"):
        st.warning(say("Claimed by two columns of the file: {columns}.", columns=named(told["doubled"])))
    if told.get("unclear"):
        st.warning(say("Several columns hold numbers; say for each whom it counts: {columns}.", columns=", ".join(told["unclear"])))


def values(visit: Visit, draft: DraftState, told: dict[str, Any]) -> None:
    """Every distinct word that is not known, once, however many rows hold it."""
    say, asked = visit.say, told["values"][:ASKED]
    must = sum(one["must"] for one in told["values"])
    markup.stressed(
        say.many("{n} word is not known.", "{n} words are not known.", must),
        say("One answer settles all rows; it is remembered for the next file of this shape."),
    )
    with st.form("values", border=True):
        answers = {(one["column"], one["word"]): _word(visit, draft, one, at) for at, one in enumerate(asked)}
        if st.form_submit_button(say("Use these answers"), type="primary"):
            given = {name: dict(words) for name, words in draft.answers.get("words", {}).items()}
            for (column, word), code in answers.items():
                if code is not None:
                    given.setdefault(column, {})[word] = code
            handing.answer(visit, draft, answers=draft.answers | {"words": given})


def _word(visit: Visit, draft: DraftState, one: dict[str, Any], at: int) -> str | None:
    """The answer to one word: a code, an empty text for "not known", None while nobody has chosen."""
    say, kind = visit.say, one["kind"]
    column = next((c for c in sources()[draft.source].columns if c.name == one["column"]), None)
    where = say.many("{n} row", "{n} rows", one["rows"]) + (f", {', '.join(one['cells'][:3])}" if one["cells"] else "")
    title = say.pick(column.title) if column else one["column"]
    label = f"“{one['word']}” · {title} · {where}"
    if kind == "name":
        return _name(visit, one, label, at)
    known = dict(words.names(kind, say.code)) if kind != "institution" else dict(institutions.names(say.code))
    new = institutions.resolve(one["word"]).code if kind == "institution" else None
    options = ([new] if new else []) + [code for code in known if code != new] + ([] if new else [""])
    names = known | {"": say("leave empty: not known")} | ({new: say("a new institution")} if new else {})
    hint = one["suggestion"] if one["suggestion"] in options else None
    near = one["candidates"] if not hint else []
    if hint:
        label += f" · {say('suggested, please confirm')}"
    return st.selectbox(
        label, [*near, *(code for code in options if code not in near)], index=[*options].index(hint) if hint else None,
        format_func=lambda code: names.get(code, code), key=f"word_{at}", placeholder=say("choose"),
    )  # fmt: skip


def _name(visit: Visit, one: dict[str, Any], label: str, at: int) -> str:
    """A name that is like a known one: the same, or new."""
    say = visit.say
    texts = {one["suggestion"]: say("the same as “{name}”", name=one["suggestion"]), one["word"]: say("another one")}
    return st.selectbox(label, list(texts), index=1, format_func=texts.__getitem__, key=f"word_{at}")
