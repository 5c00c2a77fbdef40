from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import permissions, steps
from chezhe.origination.interviewing import steps as interviews
from chezhe.origination.interviewing.models import Interview
from chezhe.origination.interviewing.steps import Talk


@action(permissions.INTERVIEW, label=_("填写面签记录"))
def record_interview(*, application_number: str, interview_number: str = "", talk: Talk, by: Actor) -> Interview:
    """Write down a talk with the borrower or somebody beside him, or write an unsigned record anew; one that is signed is corrected by
    another, with the reason. Raises InterviewOpen, InterviewSigned, NothingToCorrect or NotForInterview (409), InterviewByDecider or
    InterviewByProgram (403), Invalid (422)."""
    application = steps.lock(application_number, by)
    interviews.require_interviewer(application, by)
    return interviews.write(application, interview_number, talk, by=by)
