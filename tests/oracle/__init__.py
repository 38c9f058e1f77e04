"""Every indicator's definition a second time, in plain Python: code → oracle. See ``route.py``."""

from oracle import agreements, diversity, mobility, people, register, staff

ORACLES = {code: oracle for theme in (mobility, staff, people, diversity, agreements, register) for code, oracle in theme.ORACLES.items()}
