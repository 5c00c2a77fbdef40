"""Change a draft."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.products import judging, permissions, steps
from chezhe.products.models import ProductVersion
from chezhe.products.rules import ProductTerms
from chezhe.products.states import DRAFT

NOTE_MAX = 500


class NotADraft(BusinessError):
    code = "not_a_draft"
    sentence = _("版本 %(version)s 已提交或发布，内容不能再改；请另起一个新版本。")


class EditedMeanwhile(BusinessError):
    code = "stale_edit"
    sentence = _("这份草稿已被另一位同事修改，您的填写没有保存，请核对最新内容后再提交。")


@action(permissions.EDIT_VERSION, label=_("修改产品版本"))
def edit_version(
    *, version_number: str, terms: ProductTerms, effective_from: date, note: str, based_on: str = "", by: Actor,
) -> ProductVersion:
    """Give a draft other terms. `based_on` is the content hash that the editor saw; empty skips the check.

    Raises NotFound (404), NotADraft (409), EditedMeanwhile (409) and Invalid (422) with the field of the first problem.
    """
    version = steps.lock_version(version_number)
    if version.status != DRAFT:
        raise NotADraft(version=version.number)
    if based_on and based_on != version.content_hash:
        raise EditedMeanwhile()
    steps.refuse(judging.problems(terms))
    version.write(terms)
    version.effective_from, version.note = effective_from, note.strip()[:NOTE_MAX]
    version.drafted_by_id, version.drafted_by_name = by.user_id, by.name
    version.save()
    return version
