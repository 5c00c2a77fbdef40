from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.documents.reading import steps as reading_steps
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import permissions, steps
from chezhe.origination.matching import comparing, errors, writing
from chezhe.origination.models import Application


@action(permissions.WRITE, label=_("判定以录入为准"))
def keep_typed(*, application_number: str, document_number: str, field: str, seen: str, by: Actor) -> Application:
    """Where a paper was read otherwise than what is on file: the file is right. Raises WrongState, NoConflict or StandsOtherwise (409)."""
    application = steps.lock_editable(application_number, by)
    match = writing.held(application, document_number, field, seen, by)
    if match.state != comparing.DIFFERS:
        raise errors.NoConflict(field=match.label)
    reading_steps.judge(match.field, "kept", by=by)
    return application
