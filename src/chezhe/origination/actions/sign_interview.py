from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.documents.steps import Upload
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import permissions, steps
from chezhe.origination.interviewing import steps as interviews
from chezhe.origination.interviewing.models import Interview


@action(permissions.INTERVIEW, label=_("登记面签签字"))
def sign_interview(
    *, application_number: str, interview_number: str, signer: str, drawing: Upload | None = None, reference: str = "", by: Actor
) -> Interview:
    """One side signs an interview, by a drawn signature or on paper under a reference; with the second signature it is closed for good.
    Raises SignedAlready or WrongState (409), InterviewerOnly or InterviewByProgram (403), ProofMissing or Invalid (422)."""
    application = steps.lock(application_number, by)
    interviews.require_interviewer(application, by)
    interview = interviews.lock(application, interview_number)
    interviews.sign(interview, signer, drawing=drawing, reference=reference, by=by)
    return interview
