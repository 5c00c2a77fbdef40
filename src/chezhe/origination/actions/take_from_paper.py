from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.documents.reading import steps as reading_steps
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import permissions, steps
from chezhe.origination.matching import errors, writing
from chezhe.origination.models import Application


@action(permissions.WRITE, label=_("采用识别内容"))
def take_from_paper(
    *, application_number: str, document_number: str, field: str, seen: str, business_date: date, by: Actor
) -> Application:
    """Take one field over from a paper into the file of the customer, the car or the application; `seen` marks what stood there when it
    was judged, and anything else is not written over. Raises WrongState, NothingToTake or StandsOtherwise (409), PaperValueWrong (422)."""
    application = steps.lock_editable(application_number, by)
    match = writing.held(application, document_number, field, seen, by)
    if match.fault:
        raise errors.PaperValueWrong(field=match.label, fault=match.fault)
    if not match.may_take:
        raise errors.NothingToTake(field=match.label)
    writing.put(application, match, on=business_date, by=by)
    reading_steps.judge(match.field, "taken", by=by)
    return application
