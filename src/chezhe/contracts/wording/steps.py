"""Shared work on the versions of a template: holding, writing, judging and publishing one."""

from __future__ import annotations

from datetime import date

from chezhe.contracts.wording import errors, previews, queries, rules
from chezhe.contracts.wording.labels import sentence_of
from chezhe.contracts.wording.models import TemplateVersion
from chezhe.contracts.wording.rules import Finding, Wording
from chezhe.contracts.wording.states import DRAFT, TEMPLATE
from chezhe.kernel import clock, events, locks
from chezhe.kernel.actor import Actor
from chezhe.kernel.moves import move, record

NOTE_MAX = 1000
_VERBS = {"approved": "publish_template", "returned": "return_template", "rejected": "return_template", "withdrawn": "return_template"}


def hold_kind(kind: str) -> None:
    """The versions of a kind are numbered and decided one after another."""
    locks.hold(f"template:{kind}")


def lock_version(number: str) -> TemplateVersion:
    """The version, held until the transaction ends. Raises NotFound (404)."""
    hold_kind(queries.version_called(number).kind)
    return TemplateVersion.objects.select_for_update(of=("self",), no_key=True).select_related("base").get(number=number)


def begin(kind: str, wording: Wording, *, base: TemplateVersion | None, begins_on: date, by: Actor) -> TemplateVersion:
    """Open a draft of a held kind with these words."""
    newest = TemplateVersion.objects.filter(kind=kind).order_by("-version").first()
    serial = newest.version + 1 if newest else 1
    draft = TemplateVersion(
        kind=kind, version=serial, number=f"{kind}-v{serial}", status=DRAFT, effective_from=begins_on, base=base,
        drafted_at=clock.now(), drafted_by_name=by.name, writer_ids=sorted(by.user_ids),
    )
    draft.write(wording)
    draft.save()
    record(draft.subject, "draft_template", "", DRAFT, by=by, reason=base.number if base else "")
    return draft


def sign(version: TemplateVersion, by: Actor) -> None:
    """`by` wrote in this draft: nobody who did may publish it."""
    version.drafted_by_name = by.name
    version.writer_ids = sorted({*version.writer_ids, *by.user_ids})


def require_sound(version: TemplateVersion) -> None:
    """Raises FaultsLeft (422) while the words have errors, or name what a sample case does not have."""
    faults = [found for found in judged(version.kind, version.wording) if found.is_error]
    if faults:
        raise errors.FaultsLeft(count=len(faults), first=sentence_of(faults[0]))


def judged(kind: str, wording: Wording) -> list[Finding]:
    """What is wrong with words by themselves, and when nothing is, with sample cases."""
    found = list(rules.lint(kind, wording))
    return found if any(one.is_error for one in found) else [*found, *previews.lacking(kind, wording)]


def require_untouched(version: TemplateVersion) -> None:
    """Raises ContentAltered (409) when the words are not those that were submitted."""
    if rules.content_hash(version.wording) != version.content_hash:
        raise errors.ContentAltered(version=version.number)


def require_newest_base(version: TemplateVersion) -> None:
    """Raises NewerPublished (409) when another version came out since: publishing this one would undo that one unseen."""
    newest = queries.newest_published(version.kind)
    if newest is not None and newest.pk != version.base_id:
        raise errors.NewerPublished(newest=newest.number)


def settle_version(subject: str, outcome: str, by: Actor) -> TemplateVersion:
    """Publish a submitted version or send it back to draft, in the transaction of the deciding vote."""
    version = lock_version(subject.partition(":")[2])
    verb = _VERBS[outcome]
    if verb == "publish_template":
        version.published_at, version.published_by_name = clock.now(), by.name
        version.save(update_fields=["published_at", "published_by_name"])
        events.publish("contracts.template_published", version.subject, {
            "number": version.number, "kind": version.kind, "from": version.effective_from.isoformat()})
    move(version, TEMPLATE, verb, by=by)
    return version
