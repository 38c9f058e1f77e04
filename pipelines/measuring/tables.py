"""The tables a formula may name, and by what they can be broken down: fixed lists, so that no text of a reader ever becomes SQL.

The plain ones are the sources; the prepared ones are made by ``views.sql`` and ``partners.sql``. Each has ``institution``,
``academic_year``, ``status``, ``series`` and, where its rows are rows of files, their place (``file``, ``sheet``, ``row``, ``col``),
so that a value can be followed back.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A table of formulas. ``columns`` names, for the writer of a formula, what it has beside its dimensions."""

    sources: tuple[str, ...]  # the datasets that feed it
    dimensions: tuple[str, ...]
    columns: str = ""
    people: bool = False  # its rows are people: small numbers are hidden from the public
    realised: bool = False  # its rows are places, its numerators people: a share that tells of few people is hidden
    grained: bool = False  # holds the same total in several breakdowns: the compiler picks the one a question needs
    written: bool = False  # its partners stand as in the files: asked through core.partners
    placed: str | None = ""  # the table to follow rows back in: "" itself, None: its rows know no cell
    select: str | None = None  # how to read it, where its columns have other names


TABLES: dict[str, Table] = {
    "core.mobility": Table(
        ("mobility",),
        ("programme", "country", "region", "partner", "unit", "level", "field", "gender", "activity", "role", "direction", "mode"),
        "participants, places, days, fewer_opportunities, special_needs, domestic, grant, nominated, withdrawn, ects_planned, "
        "ects_recognised, detail",
        people=True,
        written=True,
    ),
    # People by nationality exactly as handed in, often international ones only: for numerators. "international": false for home nationals.
    "core.country_distribution": Table(
        ("country_distribution",),
        ("group", "level", "country", "region", "unit", "gender"),
        "headcount, international, prior_education (abroad, home), teaching_language (national, foreign, mixed), detail",
        people=True,
    ),
    # Whole populations: the country distribution where it holds home nationals too, else the yearly figure of the group: for denominators.
    "core.population": Table(
        ("country_distribution", "yearly_figures"),
        ("group", "level", "country", "region", "unit", "gender"),
        "headcount",
        people=True,
        grained=True,
    ),
    # Base measures of one year: the code of data/reference/measures.csv in "measure", the number in "value".
    "core.measures": Table(
        ("yearly_figures",),
        ("programme", "level", "unit", "country", "region"),
        "measure, value, currency, domestic",
        grained=True,
    ),
    # An agreement in each academic year from its start on, judged at the reference date (31 August after the year, or as_of when earlier).
    # standing: its stage then. lapsed: expired_this_year and not renewed. used: active and a mobility with its partner in this or the two
    # years before (null: no mobility was handed in). in_force: at any time of the year.
    "core.agreement_years": Table(
        ("agreements", "mobility"),
        ("programme", "country", "region", "partner", "unit", "kind"),
        "agreement, partner_key, signed, starts, ends, stage, standing, successor, domestic, active, in_force, expiring_180, expiring_365, "
        "signed_this_year, expired_this_year, renewed, lapsed, used, days_left, quota_out, quota_in, months, months_out, months_in, "
        "blended, ewp_approved",
    ),
    # A partner and direction that an agreement in force gives places for. realised: its students; 0 where that year's mobility was handed
    # in and none went, null where it was not.
    "core.quota_use": Table(
        ("agreements", "mobility"), ("country", "region", "partner", "direction"), "partner_key, quota, realised", realised=True
    ),
    # The same for months: agreed and realised months of students, of partners and directions whose agreements state months.
    "core.month_use": Table(("agreements", "mobility"), ("region", "direction"), "partner_key, agreed, realised", realised=True),
    # A partner in a year with international people in motion (null: none told).
    "core.partner_years": Table(
        ("mobility",),
        ("country", "region", "partner"),
        "partner_key, outgoing, incoming (students and staff), students_out, students_in",
    ),
    # People in motion by partner: students and staff, both directions.
    "core.partner_weights": Table(("mobility",), ("country", "region", "partner"), "weight", people=True),
    # A partner with an active international agreement, beside the others: second_rank (two of ARWU, QS, THE place it there or better),
    # ranked (ranks of partners were handed in), score (see partners.sql).
    "core.active_partners": Table(
        ("agreements", "mobility", "joint_publications", "activities", "scores"),
        ("country", "region", "partner"),
        "partner_key, mobilities, publications, projects, joint_programmes, second_rank, ranked, score",
    ),
    # Publications with one institution or country of one year; rows overlap and are never added up. international: not at home.
    "core.joint_publications": Table(
        ("joint_publications",), ("country", "region", "partner"), "publications, international, detail", written=True
    ),
    # An institution abroad with joint publications in this or the four years before; only years of which all five are known.
    "core.publication_partners": Table(("joint_publications",), ("country", "region", "partner"), "partner_key, publications"),
    # The institution's own scores; of a ranking the newest edition of the year, of surveys all. Survey rows are people's answers.
    "core.own_scores": Table(("scores",), ("criterion", "direction"), "scheme, edition, score, rank, responses, invited", people=True),
    # Weights for diversity: population outgoing | incoming (students in international mobility), students (international, by nationality),
    # agreements (active, international). weight: people or agreements. The flags are memberships of data/reference/regions.csv.
    "core.country_weights": Table(
        ("mobility", "country_distribution", "agreements"),
        ("population", "country", "region", "programme", "unit", "level", "gender"),
        "weight, subregion, programme_country (Erasmus+), ldc, lmic",
        people=True,
        placed="core.country_rows",
    ),
    # A country of a population met in the year or the one before; only years whose year before was handed in.
    "core.country_changes": Table(
        ("mobility", "country_distribution", "agreements"),
        ("population", "country", "region"),
        "newcomer, lost, present (booleans)",
        placed=None,
    ),
    # A country with an active agreement or international mobility; only years that have both.
    "core.country_links": Table(("agreements", "mobility"), ("country", "region"), "agreements, people (0 where none)", placed=None),
    # How many units there are: the measure "units" where it is told, else every unit met in any file of that year. sum(n).
    "core.units": Table(("yearly_figures", "mobility", "country_distribution"), (), "unit, n"),
    # An activity in each academic year it touches: events in the year of their date, lasting things (membership, project, programme,
    # joint_programme, foreign_language_programme, accreditation, infrastructure, digitalisation) until they end. begins: its first year.
    "core.activity_years": Table(
        ("activities",),
        ("kind", "programme", "country", "region", "partner"),
        "title, date, ends, begins, amount, currency, element",
    ),
    # Judged goals, and which indicators have a value: measured after all others.
    "board.goal_status": Table(
        ("goals",),
        (),
        "policy, element, indicator, unit, target, weight, actual, attainment, attainment_path, verdict (id of a status rule)",
        placed=None,
        select="select * exclude (status), status as verdict, year as academic_year, if(provisional, 'provisional', 'final') as status, "
        "null::varchar as series from board.goal_status",
    ),
    "board.expected_values": Table(
        (),
        (),
        "indicator, filled (1 where the indicator has a value of that year, else 0)",
        placed=None,
    ),
}
