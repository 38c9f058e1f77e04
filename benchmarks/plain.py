"""What we are measured against: the same work as one plain pandas script, as an able analyst would write it in an afternoon.

    python -m benchmarks.plain FILE.csv FOLDER

pandas reads the file, Great Expectations checks it on its pandas path, pandas writes the table as Parquet and works out the same figures,
which the benchmark holds against ours one by one. It is let off what it would have to write first: no strict reading of the bytes, no
places of cells, no log, no raw copy, no version that readers can go on reading.

The rules are those of our suites. Structural ones are handed to GX exactly as they are. GX has no expectation for a condition over
several columns on its pandas path, so each such rule is worked out by pandas as a column of yes and no, and GX expects only "no" in it:
the cheapest way there is. The rules about totals (a jump from year to year, a vanished country, more people than enrolled) are no
expectation of GX on pandas at all: pandas groups, a plain comparison says how many offend.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

HEADERS = {
    "Institution": "institution", "Academic year": "academic_year", "Direction": "direction", "Role": "role", "Activity": "activity",
    "Programme": "programme", "Country": "country", "Partner institution": "partner", "Unit": "unit", "Level": "level",
    "Field of education": "field", "Gender": "gender", "Mode": "mode", "Fewer opportunities": "fewer_opportunities",
    "Special needs": "special_needs", "Days per person": "days", "Places offered": "places", "Participants": "participants",
    "Detail": "detail", "Status": "status",
}  # fmt: skip
YES = {"Yes": True, "No": False}
SNAKE = ("direction", "role", "activity", "level", "gender", "mode", "status")
PROGRAMMES = {
    "Erasmus+ KA131": "erasmus_ka131", "Erasmus+ KA171": "erasmus_ka171", "Mevlana": "mevlana", "Orhun": "orhun",
    "Bilateral agreement": "bilateral", "Free mover": "free_mover", "Overseas exchange": "overseas_exchange",
}  # fmt: skip
ALPHA3 = {
    "Germany": "DEU", "Italy": "ITA", "Poland": "POL", "Spain": "ESP", "France": "FRA", "Netherlands": "NLD", "Czechia": "CZE",
    "Hungary": "HUN", "Portugal": "PRT", "Lithuania": "LTU", "Latvia": "LVA", "Romania": "ROU", "Bulgaria": "BGR", "Greece": "GRC",
    "Slovenia": "SVN", "Croatia": "HRV", "Austria": "AUT", "Belgium": "BEL", "Sweden": "SWE", "Finland": "FIN", "Denmark": "DNK",
    "Norway": "NOR", "Estonia": "EST", "Ireland": "IRL", "Kazakhstan": "KAZ", "Azerbaijan": "AZE", "Jordan": "JOR", "Japan": "JPN",
    "South Korea": "KOR", "United States": "USA", "Canada": "CAN", "Mexico": "MEX", "Brazil": "BRA", "Morocco": "MAR", "Tunisia": "TUN",
}  # fmt: skip
KEY = [
    "institution", "academic_year", "direction", "role", "activity", "programme", "country", "partner", "unit", "level", "field", "gender",
    "mode", "fewer_opportunities", "special_needs", "days", "grant", "detail",
]  # fmt: skip
UNTOLD = ("grant", "nominated", "withdrawn", "ects_planned", "ects_recognised")
"""Columns of numbers that the made file does not have."""
HOME = "TUR"
Values = dict[tuple[str, str, int], float]


def read(path: Path) -> pd.DataFrame:
    """The file as pandas reads it, our names, words as codes."""
    frame = pd.read_csv(path, dtype={"Field of education": str}).rename(columns=HEADERS)
    for name in SNAKE:
        frame[name] = frame[name].map({word: word.lower().replace(" ", "_") for word in frame[name].unique()})
    frame["academic_year"] = frame["academic_year"].str[:4].astype("int32")
    frame["programme"] = frame["programme"].map(PROGRAMMES)
    frame["country"] = frame["country"].map(ALPHA3)
    for name in ("fewer_opportunities", "special_needs"):
        frame[name] = frame[name].map(YES)
    for name in ("days", "places", "participants"):
        frame[name] = frame[name].astype("float64")
    frame["domestic"] = False
    return frame.assign(**dict.fromkeys(UNTOLD, np.nan))


def check(frame: pd.DataFrame) -> dict[str, int]:
    """Rule → how many rows offend: GX on pandas over all rows, then the rules about totals."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx

    from pipelines.checking.rules import Lookups, rules
    from pipelines.sources import sources

    suite = []
    for name, rule in rules(sources()["mobility"], Lookups.load(), len(frame)).items():
        if rule.expect:
            suite.append(rule.expectation(name))
        elif name == "key":  # our "repeats": only rows that count several people must differ
            suite.append(_expectation(name, "expect_compound_columns_to_be_unique", column_list=KEY, ignore_row_if="never",
                                      row_condition="participants != 1", condition_parser="pandas"))  # fmt: skip
        elif rule.where:
            frame[f"bad_{name}"] = _bad(frame, name)
            suite.append(_expectation(name, "expect_column_values_to_be_in_set", column=f"bad_{name}", value_set=[False]))
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = (
        context.data_sources.add_pandas("plain")
        .add_dataframe_asset("mobility")
        .add_batch_definition_whole_dataframe("all rows")
        .get_batch({"dataframe": frame})
    )
    wanted = {"result_format": "SUMMARY", "partial_unexpected_count": 100}
    result = batch.validate(gx.ExpectationSuite("mobility", expectations=suite), result_format=wanted)
    found = {}
    for one in result.results:
        if one.exception_info.get("raised_exception", True):
            raise RuntimeError(one.exception_info)
        found[one.expectation_config.meta["rule"]] = 0 if one.success else int(one.result.get("unexpected_count", 1))
    frame.drop(columns=[name for name in frame.columns if name.startswith("bad_")], inplace=True)
    return found | _totals(frame)


def _expectation(name: str, kind: str, **kwargs: object) -> dict[str, object]:
    return {"type": kind, "kwargs": kwargs, "meta": {"rule": name}}


def _bad(frame: pd.DataFrame, rule: str) -> pd.Series:
    """The rows that a condition of our suite finds."""
    year = date.today().year - (date.today().month < 9)
    if rule.endswith("_finite"):
        number = frame[rule.removesuffix("_finite")]
        return number.notna() & ~np.isfinite(number)
    if rule.endswith("_whole"):
        number = frame[rule.removesuffix("_whole")]
        return number.notna() & (number != number.round())
    staff = frame["role"].isin(["staff", "academic_staff", "administrative_staff"])
    conditions = {
        "nothing_counted": lambda: frame["participants"].isna() & frame["places"].isna(),
        "stay_outside_programme": lambda: _outside(frame),
        "domestic_abroad": lambda: frame["domestic"] & (frame["country"] != HOME) & ~frame["country"].str.startswith("XX"),
        "abroad_at_home": lambda: (frame["country"] == HOME) & frame["programme"].notna() & ~frame["domestic"],
        "role_and_activity": lambda: (
            ((frame["role"] == "student") & (frame["activity"] == "teaching"))
            | (staff & (frame["activity"] == "study"))
            | ((frame["role"] == "administrative_staff") & (frame["activity"] == "teaching"))
        ),
        "more_than_places": lambda: frame["participants"] > frame["places"],
        "grant_negative": lambda: frame["grant"] < 0,
        "grant_large": lambda: frame["grant"] > 25_000,
        "withdrawn_more": lambda: frame["withdrawn"] > frame["nominated"],
        "ects_more": lambda: frame["ects_recognised"] > frame["ects_planned"],
        "ects_many": lambda: frame["ects_planned"] > 90 * frame["participants"],
        "not_begun": lambda: frame["academic_year"] > year,
        "provisional": lambda: frame["status"] == "provisional",
    }
    return conditions[rule]()


def _outside(frame: pd.DataFrame) -> pd.Series:
    from pipelines.checking.rules import suites

    told = suites()["mobility"].tables["stay_limits"]
    limits = pd.DataFrame(told.rows, columns=told.columns)
    beside = frame[["programme", "role", "activity", "days", "mode"]].merge(limits, how="left", on=["programme", "role", "activity"])
    known = beside["shortest"].notna() & (beside["days"] <= 1000) & (beside["mode"] != "virtual")
    return known & ~beside["days"].between(beside["shortest"], beside["longest"])


def _totals(frame: pd.DataFrame) -> dict[str, int]:
    """The rules about totals. Nothing is published yet and no enrolment is known, as in our run."""
    people = frame[~frame["domestic"] & frame["participants"].notna()]
    flow = people.groupby(["institution", "direction", "academic_year"])["participants"].sum().rename("total").reset_index()
    beside = flow.groupby(["institution", "direction"])
    flow["before"] = beside["total"].shift().where(beside["academic_year"].diff() == 1)
    larger, smaller = flow[["total", "before"]].max(axis=1), flow[["total", "before"]].min(axis=1)
    factor = larger / smaller.replace(0, np.nan)
    shifted = (larger >= 30) & (factor.between(8.5, 11.5) | factor.between(85, 115) | factor.between(850, 1150))
    jumped = flow["before"].notna() & (larger >= 30) & ((smaller == 0) | (factor > 3)) & ~shifted
    by = ["institution", "direction", "country"]
    each = (
        people[~people["country"].str.startswith("XX")].groupby([*by, "academic_year"])["participants"].sum().rename("total").reset_index()
    )
    before = each.groupby(by)["total"]
    highest = before.transform(lambda one: one.rolling(6, min_periods=1).max().shift())
    years = before.transform(lambda one: one.rolling(6, min_periods=1).count().shift())
    high = (years >= 2) & (each["total"] > 3 * highest) & (each["total"] - highest >= 30)
    known = set(zip(each["country"], each["direction"], each["academic_year"], strict=True))
    last = set(zip(flow["direction"], flow["academic_year"], strict=True))
    strong = each[each["total"] >= 10]
    gone = [
        (country, direction, year)
        for country, direction, year in zip(strong["country"], strong["direction"], strong["academic_year"], strict=True)
        if (direction, year + 1) in last and (country, direction, year + 1) not in known
    ]
    told = frame.groupby(["institution", "academic_year", "direction"])["participants"].sum()
    untold = (
        frame[frame["country"].isna() | (frame["country"] == "XXX")]
        .groupby(["institution", "academic_year", "direction"])["participants"]
        .sum()
    )
    share = (untold / told).dropna()
    return {
        "shifted": int(shifted.sum()), "jumped": int(jumped.sum()), "revised": 0, "country_jumped": int(high.sum()),
        "country_vanished": len(gone), "more_than_enrolled": 0, "unknown_country": int((share > 0.1).sum()),
    }  # fmt: skip


def measure(frame: pd.DataFrame) -> Values:
    """(indicator, population or "", year) → value: every headline that these rows give, and diversity of both directions."""
    moved = frame[~frame["domestic"] & (frame["mode"] != "virtual")]
    students, staff = moved[moved["role"] == "student"], moved[moved["role"] != "student"]
    out, away = students[students["direction"] == "out"], staff[staff["direction"] == "out"]
    found: Values = {}

    def note(code: str, by_year: pd.Series, population: str = "") -> None:
        found.update({(code, population, int(year)): float(value) for year, value in by_year.items() if np.isfinite(value)})

    _sums(note, frame, moved, students, staff, out, away)
    _ratios(note, moved, out, staff, away, frame)
    _diversity(note, students)
    return found


def _people(rows: pd.DataFrame) -> pd.Series:
    return rows.groupby("academic_year")["participants"].sum()


def _stay(rows: pd.DataFrame) -> pd.Series:
    return (rows["participants"] * rows["days"]).groupby(rows["academic_year"]).sum()


def _sums(note, frame, moved, students, staff, out, away) -> None:
    outgoing, incoming = _people(out), _people(students[students["direction"] == "in"])
    note("A01", outgoing)
    note("A02", incoming)
    note("A11", incoming / outgoing)
    note("A12", incoming - outgoing)
    note("A13", (incoming - outgoing) / (incoming + outgoing))
    note("A14", _people(out[out["activity"] == "traineeship"]))
    note("A21", _stay(out) / 30)
    note("A26", _people(out[out["special_needs"]]))
    note("A33", 100 * (outgoing / outgoing.shift() - 1))
    note("A34", 100 * ((outgoing / outgoing.shift(3)) ** (1 / 3) - 1))
    note("A35", 100 * outgoing / outgoing[2018])
    note("A39", _people(moved))
    note("B01", _people(away[away["activity"] == "teaching"]))
    note("B02", _people(away[away["activity"] == "training"]))
    note("B03", _people(staff[staff["direction"] == "in"]))
    note("B04", _people(away[away["role"] == "academic_staff"]))
    note("B11", _people(frame[(frame["programme"] == "mevlana") & (frame["role"] != "student") & (frame["mode"] != "virtual")]))
    note("B13", _people(away))
    places = moved[moved["participants"] > 0]
    note("D02", places.groupby("academic_year")["country"].nunique())


def _ratios(note, moved, out, staff, away, frame) -> None:
    all_out = _people(out)
    note("A15", 100 * _people(out[out["activity"] == "traineeship"]) / all_out)
    note("A19", 100 * _people(out[out["level"] == "doctorate"]) / all_out)
    note("A20", _stay(out) / all_out)
    note("A22", 100 * _people(out[out["days"] >= 60]) / all_out)
    units = frame.groupby("academic_year")["unit"].nunique()
    note("A23", 100 * out[out["participants"] > 0].groupby("academic_year")["unit"].nunique() / units)
    fields = out.groupby(["academic_year", out["field"].str[:2]])["participants"].sum()
    share = fields / fields.groupby(level=0).transform("sum")
    note("A24", -(share * np.log(share)).groupby(level=0).sum() / np.log(share.groupby(level=0).count()))
    note("A25", 100 * _people(out[out["fewer_opportunities"]]) / all_out)
    note("A27", 100 * _people(out[out["gender"] == "female"]) / _people(out[out["gender"].isin(["female", "male"])]))
    note("A30", 100 * all_out / out.groupby("academic_year")["places"].sum())
    by_days = out.groupby(["academic_year", "days"])["participants"].sum()
    half = by_days.groupby(level=0).cumsum() >= by_days.groupby(level=0).transform("sum") / 2
    note("A40", half[half].reset_index().groupby("academic_year")["days"].min())
    named = away[away["role"].isin(["academic_staff", "administrative_staff"])]
    note("B07", 100 * _people(named[named["role"] == "administrative_staff"]) / _people(named))
    note("B08", _people(staff[staff["direction"] == "in"]) / _people(away[away["activity"].isin(["teaching", "training"])]))
    note("B09", _stay(away) / _people(away))
    students = moved[moved["role"] == "student"]
    partner = students["partner"].str.strip().str.lower()
    both = students.groupby(["academic_year", partner, "direction"])["participants"].sum().unstack(fill_value=0)
    both = both[both["in"] + both["out"] > 0]
    even = (both["in"] - both["out"]).abs() / (both["in"] + both["out"]) <= 0.33
    note("E17", 100 * even.groupby(level=0).mean())


def _diversity(note, students: pd.DataFrame) -> None:
    from pipelines.codes import countries

    regions = countries.regions("m49")
    for direction, population in (("out", "outgoing"), ("in", "incoming")):
        rows = students[students["direction"] == direction]
        weights = rows.groupby(["academic_year", "country"])["participants"].sum()
        weights = weights[weights > 0]
        in_regions = weights.groupby([weights.index.get_level_values(0), weights.index.get_level_values(1).map(regions)]).sum()
        for named in ("", population) if population == "outgoing" else (population,):
            _spread(lambda code, by_year, named=named: note(code, by_year, named), weights, in_regions)


def _spread(note, weights: pd.Series, in_regions: pd.Series) -> None:
    whole = weights.groupby(level=0)
    p = weights / whole.transform("sum")
    shares, k, n = p.groupby(level=0), whole.count(), whole.sum()
    hhi, entropy = (p**2).groupby(level=0).sum(), -(p * np.log(p)).groupby(level=0).sum()
    note("D03", hhi)
    note("D04", (hhi - 1 / k) / (1 - 1 / k))
    note("D05", 1 / hhi)
    note("D06", entropy)
    note("D07", np.exp(entropy))
    note("D08", entropy / np.log(k))
    note("D09", 1 - hhi)
    note("D10", 100 * shares.max())
    note("D11", (k - 1) / np.log(n))
    note("D12", 100 * in_regions.groupby(level=0).max() / in_regions.groupby(level=0).sum())
    note("D19", 100 * shares.nlargest(3).groupby(level=0).sum())
    note("D20", 100 * shares.nlargest(5).groupby(level=0).sum())
    met = {year: set(part.index.get_level_values(1)) for year, part in whole}
    pairs = [year for year in met if year - 1 in met]
    note("D17", pd.Series({year: len(met[year] - met[year - 1]) for year in pairs}))
    note("D21", pd.Series({year: len(met[year - 1] - met[year]) for year in pairs}))


def main(file: Path, folder: Path) -> None:
    """Reads, checks, writes, measures; leaves ``plain.parquet`` and ``plain.json`` in the folder."""
    frame = read(file)
    offending = check(frame)
    frame.to_parquet(folder / "plain.parquet", compression="zstd")
    values = [[*key, value] for key, value in measure(frame).items()]
    (folder / "plain.json").write_text(json.dumps({"rows": len(frame), "offending": offending, "values": values}), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
