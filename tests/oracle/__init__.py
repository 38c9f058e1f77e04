"""Every indicator's definition a second time, in plain Python: code → oracle. See ``route.py``."""

from oracle import mobility, people, staff

ORACLES = mobility.ORACLES | staff.ORACLES | people.ORACLES
