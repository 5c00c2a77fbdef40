from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.documents.steps import Upload
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import permissions, steps
from chezhe.origination.interviewing import steps as interviews
from chezhe.origination.interviewing.models import InterviewPhoto


@action(permissions.INTERVIEW, label=_("上传面签照片"))
def add_interview_photo(*, application_number: str, interview_number: str, upload: Upload | None, by: Actor) -> InterviewPhoto:
    """Keep a picture taken at the interview, before anybody has signed. Raises InterviewSigned (409), or what a file is refused for."""
    return interviews.add_photo(interviews.lock(steps.lock(application_number, by), interview_number), upload, by=by)
