"""What OWASP ASVS 5.0.0 asks at its levels 1 and 2, and how Meridian stands: ``docs/asvs.csv`` → the table in ``docs/security.md``.

``python -m benchmarks.asvs`` writes counts and table anew; the prose between them is a person's. Numbers are those of the standard
(cite as v5.0.0-1.2.3), the short wording is ours.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
TABLE, PAGE = ROOT / "docs" / "asvs.csv", ROOT / "docs" / "security.md"
ASKED = {1: 70, 2: 183}
"""How many requirements the standard has at each of the two levels."""
VERDICTS = ("pass", "not applicable", "gap")
CHAPTERS = (
    "Encoding and sanitization", "Validation and business logic", "Web front end", "Interface", "Files", "Authentication", "Sessions",
    "Authorization", "Self-contained tokens", "OAuth and OpenID Connect", "Cryptography", "Communication", "Configuration",
    "Data protection", "Coding and architecture", "Logging and errors", "WebRTC",
)  # fmt: skip


class Requirement(NamedTuple):
    """One line. ``evidence``: tests (file::name) and files, parted by blanks; ``remark``: why not, or what is to be known."""

    requirement: str
    level: int
    in_short: str
    verdict: str
    evidence: tuple[str, ...]
    remark: str


def requirements() -> list[Requirement]:
    """All lines, in the standard's order."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            Requirement(
                row["requirement"], int(row["level"]), row["in_short"], row["verdict"], tuple(row["evidence"].split()), row["remark"]
            )
            for row in csv.DictReader(file)
        ]


def unknown(evidence: str) -> bool:
    """Whether a piece of evidence names a test or a file that is not there."""
    file, _, test = evidence.partition("::")
    place = ROOT / file
    return not place.exists() or bool(test and not re.search(rf"^def {test}\(", place.read_text(encoding="utf-8"), re.M))


def counts(lines: list[Requirement]) -> str:
    """How many requirements of each level have which verdict, in one sentence."""
    found = Counter((line.level, line.verdict) for line in lines)
    told = ["; ".join(f"{found[level, verdict]} {verdict}" for verdict in VERDICTS) for level in ASKED]
    return f"**Counts.** Level 1: {ASKED[1]} requirements: {told[0]}. Level 2 adds {ASKED[2]}: {told[1]}."


def table(lines: list[Requirement]) -> str:
    """The gaps first, then everything by chapter."""
    text = "\n### The gaps\n\n" + _rows([line for line in lines if line.verdict == "gap"])
    for number, chapter in enumerate(CHAPTERS, 1):
        text += f"\n### V{number} {chapter}\n\n" + _rows([line for line in lines if line.requirement.startswith(f"{number}.")])
    return text


def _rows(lines: list[Requirement]) -> str:
    head = "| v5.0.0- | level | in short | verdict | evidence and remarks |\n| --- | --- | --- | --- | --- |\n"
    return head + "".join(
        f"| {line.requirement} | {line.level} | {line.in_short} | {line.verdict} | {_shown(line)} |\n" for line in lines
    )  # fmt: skip


def _shown(line: Requirement) -> str:
    return " · ".join(filter(None, [*(f"`{one.removeprefix('tests/')}`" for one in line.evidence), line.remark]))


HEADING = "\n## Requirement by requirement\n"


def page(before: str) -> str:
    """The page with counts and table as the data has them."""
    lines = requirements()
    prose = re.sub(r"^\*\*Counts\.\*\*.*$", counts(lines), before.partition(HEADING)[0], flags=re.M)
    return f"{prose.rstrip()}\n{HEADING}{table(lines)}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
