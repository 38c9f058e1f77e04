"""Every indicator's definition a second time, in plain Python: code → oracle. See ``route.py``."""

from oracle import (
    agreements,
    agreements_more,
    board,
    diversity,
    diversity_more,
    mobility,
    mobility_more,
    office,
    people,
    people_more,
    register,
    research,
    staff,
)  # fmt: skip

THEMES = (
    mobility, mobility_more, staff, people, people_more, diversity, diversity_more, agreements, agreements_more, register, research, office,
)  # fmt: skip
OF_ROWS = {code: oracle for theme in THEMES for code, oracle in theme.ORACLES.items()}
ORACLES = OF_ROWS | {"H10": board.Attainment(OF_ROWS), "H13": board.Completeness(OF_ROWS)}
