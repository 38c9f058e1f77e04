"""The scorecard of partners: ranks, weights, what is not known, and the verdicts in order."""

from __future__ import annotations

import pytest

from pipelines import scorecard
from pipelines.scorecard import rules, scores, verdict

NUMBERS = {
    "students_out": {"A": 10.0, "B": 0.0, "C": 5.0, "D": 5.0, "E": 0.0},
    "places": {"A": None, "B": 50.0, "C": 100.0, "D": None, "E": None},
}


def test_a_rank_is_the_share_of_the_others_that_are_surpassed():
    assert scorecard.ranks(NUMBERS["students_out"]) == {"A": 100.0, "B": 0.0, "C": 50.0, "D": 50.0, "E": 0.0}


def test_what_is_not_known_of_a_partner_is_left_out_and_not_counted_as_zero():
    found = scores(NUMBERS, {"students_out": 1, "places": 3})
    assert found["A"].total == 100.0
    assert found["C"].total == pytest.approx((50 + 3 * 100) / 4)
    assert found["B"].total == 0.0
    assert scores({"places": NUMBERS["places"]}, {"places": 1})["A"].total is None


def test_a_weight_of_zero_leaves_a_dimension_out_and_weights_only_count_against_each_other():
    assert scores(NUMBERS, {"students_out": 1, "places": 0})["C"].total == 50.0
    one, ten = (scores(NUMBERS, {"students_out": by, "places": by})["C"].total for by in (1, 10))
    assert one == ten == 75.0


CASES = {
    "strategic": (75.0, 4, 1, 5),
    "active": (75.0, 2, 1, 5),
    "unagreed": (75.0, 4, 0, 5),
    "dormant": (10.0, 0, 2, 1),
    "on_paper": (None, 0, 1, 0),
    "former": (10.0, 0, 0, 3),
}


@pytest.mark.parametrize("word", CASES)
def test_a_verdict_is_the_first_whose_limits_hold(word):
    assert verdict(*CASES[word]).id == word


def test_every_verdict_can_be_reached_and_the_last_asks_for_nothing():
    assert set(CASES) == {one.id for one in rules().verdict}
    last = rules().verdict[-1]
    assert (last.score, last.strands, last.agreements, last.ever) == (0, 0, 0, 0)


def test_a_score_below_the_limit_is_active_and_not_strategic():
    limit = next(one for one in rules().verdict if one.id == "strategic").score
    assert [verdict(score, 4, 1, 4).id for score in (limit - 0.1, limit)] == ["active", "strategic"]
