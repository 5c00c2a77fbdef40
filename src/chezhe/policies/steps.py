"""Shared work on the versions of a table: holding, judging, writing and publishing one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from chezhe.decisiontables.values import Table
from chezhe.kernel import clock, events
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.moves import move, record
from chezhe.policies import judging, queries
from chezhe.policies.errors import ContentAltered, FaultsLeft, NewerPublished
from chezhe.policies.models import Policy, PolicyVersion
from chezhe.policies.states import DRAFT, PUBLISHED, VERSION
from chezhe.policies.wording import sentence_of

NOTE_MAX = 1000


def lock_policy(code: str) -> Policy:
    """The table, locked until the transaction ends, so that its versions are numbered and decided one after another; NotFound (404)."""
    found = Policy.objects.select_for_update(no_key=True).filter(code=code).first()
    if found is None:
        raise NotFound(what=code)
    return found


def lock_version(number: str) -> PolicyVersion:
    """The version, locked until the transaction ends, its table before it; NotFound (404)."""
    lock_policy(queries.version_called(number).policy.code)
    rows = PolicyVersion.objects.select_for_update(of=("self",), no_key=True).select_related("policy", "base")
    return rows.get(number=number)


def new_version(policy: Policy, table: Table, *, base: PolicyVersion | None, begins_on: date, note: str, by: Actor) -> PolicyVersion:
    """The next version of a locked table, not saved yet, written by `by`."""
    newest = policy.versions.order_by("-version").first()
    serial = newest.version + 1 if newest else 1
    version = PolicyVersion(
        policy=policy, version=serial, number=f"{policy.code}-v{serial}", status=DRAFT, effective_from=begins_on, base=base,
        note=note.strip()[:NOTE_MAX], drafted_by_id=by.user_id, drafted_by_name=by.name, drafted_at=clock.now(),
        writer_ids=sorted(by.user_ids),
    )
    put(version, table)
    return version


def begin_draft(version: PolicyVersion, *, by: Actor, reason: str = "") -> PolicyVersion:
    """Save a new version as a draft and begin its track."""
    version.save()
    record(version.subject, "draft_version", "", DRAFT, by=by, reason=reason)
    return version


def put(version: PolicyVersion, table: Table) -> None:
    """Give a draft this table, with what lint and the contract say of it."""
    version.write(table)
    version.findings = judging.as_json(judging.judge(version.policy, table))


def sign(version: PolicyVersion, by: Actor) -> None:
    """`by` wrote in this draft: nobody who did may publish it."""
    version.drafted_by_id, version.drafted_by_name = by.user_id, by.name
    version.writer_ids = sorted({*version.writer_ids, *by.user_ids})


def require_sound(version: PolicyVersion) -> None:
    """Raise FaultsLeft (422) while the table has errors; they are judged anew, since the catalogue of facts may have changed."""
    faults = [found for found in judging.judge(version.policy, version.table) if found.is_error]
    if faults:
        raise FaultsLeft(count=len(faults), first=sentence_of(faults[0]))


def require_untouched(version: PolicyVersion) -> None:
    """Raise ContentAltered (409) when the content is not what was submitted."""
    if judging.fingerprint(version.content) != version.content_hash:
        raise ContentAltered(version=version.number)


def require_newest_base(version: PolicyVersion) -> None:
    """Raise NewerPublished (409) when another version came out since the draft was begun: publishing it would undo that one unseen."""
    newest = queries.newest_published(version.policy)
    if newest is not None and newest.pk != version.base_id:
        raise NewerPublished(newest=newest.number)


_VERBS = {"approved": "publish_version", "returned": "return_version", "rejected": "return_version", "withdrawn": "return_version"}


def settle_version(subject: str, outcome: str, by: Actor) -> PolicyVersion:
    """Publish a submitted version or send it back to draft, in the transaction of the deciding vote."""
    version = lock_version(subject.partition(":")[2])
    verb = _VERBS[outcome]
    if verb == "publish_version":
        stamp(version, by)
        version.save(update_fields=["published_by_name", "published_at"])
        announce(version)
    move(version, VERSION, verb, by=by)
    return version


def publish_again(version: PolicyVersion, restored: PolicyVersion, *, by: Actor, reason: str) -> PolicyVersion:
    """Save a new version as published at once: the table that two people agreed to before, still in the name of who wrote it."""
    version.status, version.restores, version.writer_ids = PUBLISHED, restored, restored.writer_ids
    version.drafted_by_id, version.drafted_by_name = restored.drafted_by_id, restored.drafted_by_name
    stamp(version, by)
    version.save()
    record(version.subject, "roll_back", DRAFT, PUBLISHED, by=by, reason=reason)
    announce(version)
    return version


def stamp(version: PolicyVersion, by: Actor) -> None:
    """Who published it, and when."""
    version.published_by_name, version.published_at = by.name, clock.now()


def announce(version: PolicyVersion) -> None:
    """Tell the rooms above that a version was published: `policy.published`."""
    events.publish("policy.published", version.subject, facts_of(version))


def facts_of(version: PolicyVersion) -> dict[str, Any]:
    """What an event tells of a version."""
    return {
        "policy": version.policy.code, "version": version.number, "content_hash": version.content_hash,
        "effective_from": version.effective_from.isoformat(), "restores": version.restores.number if version.restores else "",
    }


def writers_of(version: PolicyVersion) -> Collection[int]:
    """Everybody who ever wrote in this version."""
    return {*version.writer_ids, *([version.drafted_by_id] if version.drafted_by_id else [])}
