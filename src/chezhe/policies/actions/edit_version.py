"""Save a draft."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.decisiontables.values import Table
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.policies import permissions, steps
from chezhe.policies.errors import EditedMeanwhile, NotADraft
from chezhe.policies.models import PolicyVersion
from chezhe.policies.states import DRAFT


@action(permissions.EDIT_VERSION, label=_("修改决策表版本"))
def edit_version(
    *, version_number: str, table: Table, effective_from: date, note: str, based_on: str = "", by: Actor,
) -> PolicyVersion:
    """Give a draft another table; what lint finds is kept beside it, and errors do not hinder saving.

    `based_on` is the content hash that the editor saw; empty skips the check.
    Raises NotFound (404), NotADraft (409), EditedMeanwhile (409).
    """
    version = steps.lock_version(version_number)
    if version.status != DRAFT:
        raise NotADraft(version=version.number)
    if based_on and based_on != version.content_hash:
        raise EditedMeanwhile(name=version.drafted_by_name)
    steps.put(version, table)
    version.effective_from, version.note = effective_from, note.strip()[: steps.NOTE_MAX]
    steps.sign(version, by)
    version.save()
    return version
