"""Save a draft of a paper's words."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.wording import errors, steps
from chezhe.contracts.wording.models import TemplateVersion
from chezhe.contracts.wording.rules import Wording
from chezhe.contracts.wording.states import DRAFT
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.EDIT_TEMPLATE, label=_("修改文本模板"))
def edit_template(
    *, version_number: str, wording: Wording, effective_from: date, note: str = "", based_on: str = "", by: Actor,
) -> TemplateVersion:
    """Give a draft other words; what lint finds does not hinder saving. `based_on` is the hash that the editor saw.

    Raises NotFound (404), NotADraft or EditedMeanwhile (409).
    """
    version = steps.lock_version(version_number)
    if version.status != DRAFT:
        raise errors.NotADraft(version=version.number)
    if based_on and based_on != version.content_hash:
        raise errors.EditedMeanwhile(name=version.drafted_by_name)
    version.write(wording)
    version.effective_from, version.note = effective_from, note.strip()[: steps.NOTE_MAX]
    steps.sign(version, by)
    version.save()
    return version
