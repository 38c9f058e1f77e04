"""What is measured on values themselves: attainment of goals, completeness (H10, H13)."""

from __future__ import annotations

from collections import defaultdict

from oracle.made import AS_OF
from oracle.route import Answer, Answers, House, Number, Row, academic, divided


class Attainment:
    """The mean of how far goals of the whole institution were attained, each between 0 and 100 per cent, by their weights."""

    def __init__(self, oracles: dict) -> None:
        self.oracles = oracles

    def ask(self, house: House, by: str | None = None) -> Answers:
        found: dict[int, list[tuple[float, Answer, float]]] = defaultdict(list)
        for goal in house["goals"]:
            for (year, _), actual in self.oracles[goal["indicator"]].ask(house).items():
                reached = _reached(goal, year, actual.value)
                if reached is not None and goal["weight"] and not goal["unit"]:
                    found[year].append((goal["weight"], actual, min(max(reached, 0), 1)))
        return {
            (year, ""): Answer(
                divided(sum(weight * reached for weight, _, reached in parts), sum(weight for weight, *_ in parts), 100),
                any(actual.provisional for _, actual, _ in parts),
            )
            for year, parts in found.items()
        }


def _reached(goal: Row, year: int, actual: Number) -> Number:
    """How far the way that the goal asks for in this year was gone: straight to the target, or all of it in the target's year."""
    first, last = goal["baseline_year"], goal["target_year"]
    if actual is None or year <= first:
        return None
    gone = 1 if year >= last else 0 if goal["path"] == "stepped" else (year - first) / (last - first)
    return divided(actual - goal["baseline"], (goal["target"] - goal["baseline"]) * gone)


class Completeness:
    """Of 100 indicators how many have a value; of past years of which anything is known."""

    def __init__(self, oracles: dict) -> None:
        self.oracles = oracles

    def ask(self, house: House, by: str | None = None) -> Answers:
        filled: dict[int, int] = defaultdict(int)
        for oracle in self.oracles.values():
            for (year, _), one in oracle.ask(house).items():
                filled[year] += one.value is not None
        years = [year for year, number in filled.items() if number and year < academic(AS_OF)]
        return {(year, ""): Answer(100 * filled[year] / len(self.oracles)) for year in years}
