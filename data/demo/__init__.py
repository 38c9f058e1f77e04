"""The files that the demo starts from: those of a fictional university, written by a seeded script, and the offices' published figures."""
