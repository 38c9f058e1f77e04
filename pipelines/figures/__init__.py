"""A chart before it is drawn: title, series, goal, marks, note, source, alt text — plain data, in one language."""

from pipelines.figures.cohort import cohort
from pipelines.figures.flow import crossing, flow
from pipelines.figures.mix import flows, shares
from pipelines.figures.model import Column, Figure, Point, Series, Table
from pipelines.figures.national import nation
from pipelines.figures.peers import peers
from pipelines.figures.places import heat, world
from pipelines.figures.rank import attainment, balance, breakdown, columns_of
from pipelines.figures.spread import lorenz, multiples, slope
from pipelines.figures.time import definition, trend

__all__ = [
    "Column",
    "Figure",
    "Point",
    "Series",
    "Table",
    "attainment",
    "balance",
    "breakdown",
    "cohort",
    "columns_of",
    "crossing",
    "definition",
    "flow",
    "flows",
    "heat",
    "lorenz",
    "multiples",
    "nation",
    "peers",
    "shares",
    "slope",
    "trend",
    "world",
]
