from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import permissions, steps
from chezhe.origination.interviewing import steps as interviews
from chezhe.origination.interviewing.models import Interview


@action(permissions.INTERVIEW, label=_("作废未签面签记录"))
def discard_interview(*, application_number: str, interview_number: str, reason: str, by: Actor) -> Interview:
    """Give up a record that is not signed by both. Raises WrongState (409), ReasonRequired (422)."""
    interview = interviews.lock(steps.lock(application_number, by), interview_number)
    interviews.discard(interview, reason, by=by)
    return interview
