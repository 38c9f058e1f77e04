"""Asks pip-audit whether what the product stands on has known holes, and never takes silence for an answer.

``python -m benchmarks.advisories PIP-AUDIT REQUIREMENTS``: exit code 1 for a hole, and for a package that nobody could be asked about
where MERIDIAN_ADVISORIES=required; else what could not be asked is told and passes (a network without the advisory service).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any


def asked(audit: str, requirements: str) -> list[dict[str, Any]]:
    """What pip-audit says of every pinned package: name, version and vulns, or name and skip_reason. Empty where it could not ask."""
    command = [audit, "-r", requirements, "--no-deps", "--disable-pip", "--progress-spinner", "off", "--desc", "off", "-f", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)["dependencies"]
    except ValueError:
        print(done.stderr.strip()[-500:])
        return []


def judged(told: list[dict[str, Any]], *, required: bool) -> tuple[list[str], bool]:
    """Lines for a person, and whether it may pass."""
    holes = [f"{one['name']} {one['version']}: {hole['id']}, mended in {', '.join(hole['fix_versions']) or 'no version yet'}"
             for one in told for hole in one.get("vulns", [])]  # fmt: skip
    silent = [one["name"] for one in told if "skip_reason" in one]
    answered = len(told) - len(silent)
    lines = [*holes, f"pip-audit: {answered} of {len(told)} packages were looked up, {len(holes)} known holes."]
    if silent or not told:
        lines.append(
            "NOT AUDITED: the advisory service did not know or could not be reached for"
            f" {', '.join(silent[:5]) + (' …' if len(silent) > 5 else '') or 'anything'}. Run `make lint` where pypi.org answers."
        )
    return lines, not holes and not (required and (silent or not told))


if __name__ == "__main__":
    lines, fine = judged(asked(*sys.argv[1:3]), required=os.environ.get("MERIDIAN_ADVISORIES") == "required")
    print("\n".join(lines))
    raise SystemExit(0 if fine else 1)
