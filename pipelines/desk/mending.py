"""A version that is damaged on disk is made anew from originals and log, without anybody having to ask."""

from __future__ import annotations

from pipelines import path
from pipelines.desk import worker
from pipelines.publish import rebuild
from pipelines.store import Store
from pipelines.warehouse import Version, open_version

KIND = "mend"


def ask(store: Store, version: Version) -> str | None:
    """Asks for the version on air where another answers in its place; gives the job, None where nothing is to be mended.

    Asked once: whoever looks meanwhile, and after a failure, gets the job that is there.
    """
    if version.instead_of is None:
        return None
    waiting = [job.id for job in worker.jobs(store) if job.kind == KIND and job.facts.get("no") == version.instead_of]
    return waiting[0] if waiting else worker.ask(store, KIND, "system", no=version.instead_of)


def mend_job(store: Store, facts: dict[str, object], by: str, tell: worker.Tell) -> dict[str, object]:
    """Builds the version on air anew, where it is still the damaged one."""
    tell("publish", 0.3)
    if open_version(store.path).instead_of is None:
        return {"publication": facts["no"]}
    return {"publication": rebuild(store, path.retidy(store)).no}
