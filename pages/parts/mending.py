"""Handing in, the check: what decides how the whole file is read, errors mended in a grid, queries mended or explained, remarks."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from pages.parts import data, handing, markup, people, tables, waiting
from pages.parts.selection import Visit
from pipelines.access.person import Person
from pipelines.desk import examination
from pipelines.desk import handing as desk
from pipelines.desk.drafts import DraftState
from pipelines.figures import Column
from pipelines.language import Language

MOST = 300
"""Cells in the grid at once; the marked workbook has all."""
SIGN = {"error": "✖", "query": "?", "info": "i"}
ENCODINGS = {"windows-1254": "Windows-1254", "windows-1252": "Windows-1252", "utf-8": "UTF-8"}
DELIMITERS = {";": ";", ",": ",", "\t": "TAB", "|": "|"}


def show(visit: Visit, draft: DraftState, told: dict[str, Any]) -> None:
    """All findings of a draft, each with its cell in the person's own file."""
    say, count = visit.say, examination.summary(told)
    open_ones = len(examination.open_findings(told, draft.notes))
    markup.stressed(
        say.many("{n} point needs you.", "{n} points need you.", open_ones) if open_ones else say("Nothing needs you here."),
        " · ".join(
            (
                say.many("{n} error", "{n} errors", count["error"]),
                say.many("{n} question", "{n} questions", count["query"]),
                say.many("{n} remark", "{n} remarks", count["info"]),
            )
        ),
    )
    whole_file(visit, draft, told)
    _download(visit, draft, told)
    _grid(visit, draft, told)
    _questions(visit, draft, told)
    _remarks(visit, told)


def whole_file(visit: Visit, draft: DraftState, told: dict[str, Any]) -> None:
    """What one answer settles for the whole file: encoding, delimiter, style of numbers, order of dates, totals, a companion file."""
    say, codes = visit.say, {one["code"] for one in told["findings"] if one["severity"] == "error"}
    if codes & {"E202", "E216", "E227", "E230"}:
        _settle(visit, draft, "encoding", say("In which encoding was it saved?"), ENCODINGS)
    if codes & {"E210", "E211", "E212", "E232"} and draft.name.lower().endswith((".csv", ".txt", ".tsv")):
        _settle(visit, draft, "delimiter", say("Which sign parts the cells?"), DELIMITERS)
    if "W302" in codes:
        styles = {"tr": say("1.306 is one thousand three hundred and six"), "en": say("1.306 is one and a bit")}
        _settle(visit, draft, "numbers", say("How are numbers written here?"), styles)
    if "W402" in codes:
        _settle(visit, draft, "dates", say("How are days written here?"), {"dmy": say("day, month, year"), "mdy": say("month, day, year")})
    if "T112" in codes:
        _settle(
            visit, draft, "totals", say("There are rows of totals."), {"compare": say("leave them out, and compare them with the rows")}
        )
    if "T110" in codes:
        _home(visit, draft)
    if "T113" in codes:
        file = st.file_uploader(say("The file that explains the codes"), key="companion")
        if file:
            desk.add_companion(people.here(), waiting.store(), draft.id, file.name, file.getvalue())
            st.rerun()


def _home(visit: Visit, draft: DraftState) -> None:
    """Which country is home, where nobody has said it yet: without it nobody can be counted as international."""
    say, known = visit.say, data.names("country", visit.say.code)
    country = st.selectbox(
        say("The institution's country"), list(known), index=None, format_func=known.__getitem__, key="home", placeholder=say("choose")
    )
    if country and st.button(say("This is home"), key="home_is"):
        handing.answer(visit, draft, home=country)


def _settle(visit: Visit, draft: DraftState, name: str, question: str, options: dict[str, str]) -> None:
    """One question about the whole file, answered by a button."""
    with st.container(border=True, key=f"settle_{name}", gap="small"):
        markup.paragraph(question, "m-title")
        with st.container(horizontal=True, gap="small"):
            for code, words in options.items():
                if st.button(words, key=f"settle_{name}_{code}"):
                    own = {name: code} if name in ("encoding", "delimiter") else {"answers": draft.answers | {name: code}}
                    handing.answer(visit, draft, **own)


def _download(visit: Visit, draft: DraftState, told: dict[str, Any]) -> None:
    say = visit.say
    if any(one["severity"] != "info" for one in told["findings"]):
        name = f"{draft.name.rpartition('.')[0]}_{say.code}.xlsx"
        making = partial(_marked, people.here(), draft.id, say.code)
        label = say("Your workbook with the cells marked")
        st.download_button(label, making, name, handing.XLSX, key="marked", on_click="ignore", icon=":material/download:")


def _marked(who: Person | None, draft: str, language: str) -> bytes:
    """Made when somebody presses the button, outside a run of the page: the person is told beforehand."""
    return desk.marked(people.again(who), waiting.store(), draft, language)


def _grid(visit: Visit, draft: DraftState, told: dict[str, Any]) -> None:
    """Cells with an error or a query: what stands there, what is wrong, and a place for what should stand there."""
    say = visit.say
    rows = [row for row in _cells(draft, told, say) if row["cell"]][:MOST]
    loose = [one for one in told["findings"] if one["severity"] == "error" and not one["cell"]]
    for one in loose:
        words = one if say.code == "en" else one["tr"]
        st.error(f"{words['what']} {words['remedy']}")
    if not rows:
        return
    st.header(say("Cells to look at"), anchor=False)
    columns = {
        "cell": st.column_config.TextColumn(say("Cell"), disabled=True, width="small"),
        "now": st.column_config.TextColumn(say("Stands there"), disabled=True, width="small"),
        "fix": st.column_config.TextColumn(
            say("Correction"), width="small", help=say("What should stand in the cell; the file itself is kept.")
        ),
        "what": st.column_config.TextColumn(say("What is wrong"), disabled=True, width="large"),
        "remedy": st.column_config.TextColumn(say("What to do"), disabled=True, width="medium"),
    }
    edited = st.data_editor(
        [{name: row[name] for name in columns} for row in rows], column_config=columns, hide_index=True, key=f"grid_{draft.reading}",
        width="stretch", alt=say("Cells with their fault and a place for the correction"),
    )  # fmt: skip
    with st.expander(say("Every cell in words")):
        told_rows = [(row["cell"], row["now"] or "–", row["what"], row["remedy"]) for row in rows]
        heads = (Column(say("Cell")), Column(say("Stands there")), Column(say("What is wrong")), Column(say("What to do")))
        tables.told(heads, told_rows, say("Cells to look at"))
    fixes = {row["cell"]: str(row["fix"]) for row, before in zip(edited, rows, strict=True) if row["fix"] not in (None, before["was"], "")}
    if st.button(say("Check again with these corrections"), key="recheck", type="primary", disabled=not fixes):
        handing.answer(visit, draft, fixes=draft.fixes | fixes)


def _cells(draft: DraftState, told: dict[str, Any], say: Language) -> list[dict[str, Any]]:
    """One row a cell, errors first. ``was`` is the correction that was made before, ``fix`` a suggestion where there is none."""
    found: dict[str, dict[str, Any]] = {}
    for one in told["findings"]:
        if one["severity"] == "info":
            continue
        words = one if say.code == "en" else one["tr"]
        for cell in one["cells"] or [one["cell"]]:
            known = found.setdefault(cell, {"cell": cell, "now": "", "was": draft.fixes.get(cell, ""), "fix": "", "what": "", "remedy": ""})
            known["now"] = draft.fixes.get(cell) or told["cells"].get(cell, "")
            known["fix"] = known["fix"] or one["fix"]
            known["what"] = f"{known['what']} {SIGN[one['severity']]} {words['what']}".strip()
            known["remedy"] = known["remedy"] or words["remedy"]
    return list(found.values())


def _questions(visit: Visit, draft: DraftState, told: dict[str, Any]) -> None:
    """Queries: unusual, perhaps right. Mended above or explained here; the note stands in the history."""
    say = visit.say
    asked = list({one["key"]: one for one in told["findings"] if one["severity"] == "query" and not one["explained"]}.values())
    if not asked:
        return
    st.header(say("Questions: mend the cell, or explain it"), anchor=False)
    with st.form("notes", border=True):
        notes = {}
        for at, one in enumerate(asked[:MOST]):
            words = one if say.code == "en" else one["tr"]
            where = one["cell"] + (f" (+{one['count'] - 1})" if one["count"] > 1 else "")
            markup.paragraph(" ".join(filter(None, (where, words["what"], words["cause"]))))
            notes[one["key"]] = st.text_input(
                say("Note to {code} {cell}", code=one["code"], cell=one["cell"]), draft.notes.get(one["key"], ""), key=f"note_{at}",
                placeholder=say("e.g. a new agreement, a programme that ended, counted again"), label_visibility="collapsed",
            )  # fmt: skip
        everything = st.text_input(say("The same note for all that have none"), key="note_all")
        if st.form_submit_button(say("Keep the notes"), type="primary"):
            told_all = {key: note or everything for key, note in notes.items() if note or everything}
            handing.answer(visit, draft, notes=draft.notes | told_all)


def _remarks(visit: Visit, told: dict[str, Any]) -> None:
    say = visit.say
    remarks = [one for one in told["findings"] if one["severity"] == "info" or one["explained"]]
    if remarks:
        with st.expander(say.many("{n} remark", "{n} remarks", len(remarks))):
            rows = [(one["cell"] or "–", (one if say.code == "en" else one["tr"])["what"]) for one in remarks]
            tables.told((Column(say("Where")), Column(say("What"))), rows, say("Remarks"))
