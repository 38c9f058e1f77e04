"""Backup and restore: what cannot be made again is copied to another disk; what follows from it is built anew and proved by its digest.

| in the store | in a backup |
|---|---|
| ``raw``, ``told``, ``evidence`` (letterheads lie in ``told``) | copied once, kept under their hash |
| ``tidy`` | copied once: a later product may read an old file differently, and must be able to go on from how it was accepted |
| ``log`` | grows; up to its last whole line |
| ``drafts``, ``layouts``, ``demo.json`` and whatever else somebody adds | copied as they are at that moment |
| ``people.sqlite`` | through SQLite, without sessions and one-time codes: whoever comes back signs in again |
| ``versions`` | never: built anew by the restore. Of ``CURRENT`` the facts |
| ``work``, ``secret``, locks, what is just arriving | never: they belong to processes that run |

The target is written once and never over: only its log grows. It is as secret as the store; encrypting it is left to the tool that carries
it away (restic, borg, age).
"""

BACKED_UP = "backed_up"
"""The event of a backup: ``files`` and ``bytes`` of the whole, ``copied`` bytes that were new, ``seal`` of its manifest."""
