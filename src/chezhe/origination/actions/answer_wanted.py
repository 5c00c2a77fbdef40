from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason
from chezhe.origination import errors, permissions, steps
from chezhe.origination.models import Application
from chezhe.origination.revising import wanting

ANSWER_MAX = 200


@action(permissions.WRITE, label=_("答复补件要求"))
def answer_wanted(*, application_number: str, wanted_id: int, answer: str, by: Actor) -> Application:
    """Say what was done about something that the reviewer wants, or why it cannot be brought."""
    application = steps.lock_editable(application_number, by)
    wanted = wanting.unanswered(application, wanted_id)
    if wanted is None:
        raise errors.WantedUnknown()
    wanted.answer, wanted.answered_at, wanted.answered_by_name = require_reason(answer, most=ANSWER_MAX), clock.now(), by.name
    wanted.save(update_fields=["answer", "answered_at", "answered_by_name"])
    steps.mark(application, by)
    application.save()
    return application
