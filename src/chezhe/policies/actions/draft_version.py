"""Begin a new version of a table."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.policies import permissions, queries, steps
from chezhe.policies.models import PolicyVersion


@action(permissions.EDIT_VERSION, label=_("起草决策表版本"))
def draft_version(*, policy_code: str, from_number: str = "", business_date: date, by: Actor) -> PolicyVersion:
    """Open a draft with the table of `from_number`, or of the newest published version.

    Several drafts of one table may be worked on side by side; each is based on the version published last.
    Raises NotFound (404), Invalid (422) for a version of another table.
    """
    policy = steps.lock_policy(policy_code)
    newest = queries.newest_published(policy)
    source = queries.version_called(from_number) if from_number else newest
    if source is None or source.policy_id != policy.pk:
        raise Invalid(field="from_number", code="version_of_another_table", sentence=_("请选择这张决策表自己的一个版本作为起点。"))
    draft = steps.new_version(policy, source.table, base=newest, begins_on=business_date, note="", by=by)
    return steps.begin_draft(draft, by=by, reason=source.number)
