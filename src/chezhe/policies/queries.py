"""Which tables there are, which version is in force on a day, and the table ready to be asked."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from chezhe.decisiontables import closures, files
from chezhe.decisiontables.closures import Compiled
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.policies.models import Policy, PolicyVersion
from chezhe.policies.states import PUBLISHED

COMPILED_MAX = 256
# Of two versions that begin on the same day, the one published later holds.
_LATEST = ("-effective_from", F("published_at").desc(nulls_last=True), "-version")
_compiled: dict[str, Compiled] = {}


class NotInForce(BusinessError):
    code = "policy_not_in_force"
    sentence = _("决策表 %(code)s 在 %(on)s 没有生效的版本，不能据以决定；请先发布一个版本。")


def current(code: str, on: date) -> PolicyVersion:
    """The version of table `code` in force on business date `on`: published, begun, the latest.

    Of two that begin on the same day, the one published later holds. Raises NotFound (404), NotInForce (409).
    """
    found = begun(on).filter(policy__code=code).first()
    if found is None:
        policy_called(code)
        raise NotInForce(code=code, on=on)
    return found


def all_current(on: date, *, with_tables: bool = False) -> dict[str, PolicyVersion]:
    """The version in force of every table that has one, by code: one question for a whole decision.

    Without tables their content is not fetched: a decision needs it only for what `compiled` does not hold yet.
    """
    rows = PolicyVersion.objects.filter(status=PUBLISHED, effective_from__lte=on).select_related("policy")
    if not with_tables:
        rows = rows.defer("content", "findings", "policy__contract")
    latest = rows.order_by("policy_id", *_LATEST).distinct("policy_id")
    return {version.policy.code: version for version in latest}


def begun(on: date) -> QuerySet[PolicyVersion]:
    """Published versions that have begun on `on`, of each table the one that holds first."""
    rows = PolicyVersion.objects.filter(status=PUBLISHED, effective_from__lte=on).select_related("policy")
    return rows.order_by(*_LATEST)


def scheduled(on: date) -> QuerySet[PolicyVersion]:
    """Published versions that begin after `on`, the next first."""
    rows = PolicyVersion.objects.filter(status=PUBLISHED, effective_from__gt=on).select_related("policy")
    return rows.order_by("effective_from", "published_at", "version")


def by_hashes(hashes: Collection[str]) -> dict[str, PolicyVersion]:
    """By hash the first version ever published with that content; a hash nobody published is left out.

    Its table is that of every other version with the hash.
    """
    rows = PolicyVersion.objects.filter(content_hash__in=hashes, published_at__isnull=False)
    return {version.content_hash: version for version in rows.select_related("policy").order_by("-id")}


def compiled(version: PolicyVersion) -> Compiled:
    """The version's table, ready to be asked; kept in the process by its content hash. Raises TableError for a broken draft."""
    ready = _compiled.get(version.content_hash)
    if ready is None:
        ready = closures.compile_table(files.from_json(version.content))
        if len(_compiled) >= COMPILED_MAX:
            _compiled.clear()
        _compiled[version.content_hash] = ready
    return ready


def history(code: str) -> QuerySet[PolicyVersion]:
    """Every version of a table, newest first; NotFound (404) for an unknown code."""
    return policy_called(code).versions.select_related("policy", "base", "restores").order_by("-version")


def policy_called(code: str) -> Policy:
    """The table with this code; NotFound (404) otherwise."""
    found = Policy.objects.filter(code=code).first()
    if found is None:
        raise NotFound(what=code)
    return found


def version_called(number: str) -> PolicyVersion:
    """The version people call `knockout-v2`; NotFound (404) otherwise."""
    found = PolicyVersion.objects.select_related("policy", "base", "restores").filter(number=number).first()
    if found is None:
        raise NotFound(what=number)
    return found


def newest_published(policy: Policy) -> PolicyVersion | None:
    """The version published last, in force or scheduled: what a draft should have begun from."""
    return policy.versions.filter(status=PUBLISHED).order_by(F("published_at").desc(nulls_last=True), "-version").first()


def standings_on(on: date) -> Callable[[PolicyVersion], str]:
    """Tells where a version stands on `on`: its status, or for a published one `scheduled`, `in_force` or `superseded`."""
    holding = {version.pk for version in all_current(on).values()}

    def standing(version: PolicyVersion) -> str:
        if version.status != PUBLISHED:
            return version.status
        if version.effective_from > on:
            return "scheduled"
        return "in_force" if version.pk in holding else "superseded"

    return standing
