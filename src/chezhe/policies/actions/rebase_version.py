"""Go on from the version that came out meanwhile."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.policies import permissions, queries, steps
from chezhe.policies.errors import NotADraft
from chezhe.policies.models import PolicyVersion
from chezhe.policies.states import DRAFT


@action(permissions.EDIT_VERSION, label=_("以最新发布版本为草稿的基准"))
def rebase_version(*, version_number: str, by: Actor) -> PolicyVersion:
    """Say that the draft has been compared with the version published last, and replaces it knowingly.

    The table stays as it is; what it changes is from now on told against that version. Raises NotFound (404), NotADraft (409).
    """
    version = steps.lock_version(version_number)
    if version.status != DRAFT:
        raise NotADraft(version=version.number)
    version.base = queries.newest_published(version.policy)
    steps.sign(version, by)
    version.save()
    return version
