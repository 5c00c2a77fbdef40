from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.trials import permissions, steps
from chezhe.risk.trials.models import TrialLoan


@action(permissions.CARRY_OUT_TRIAL, label=_("登记分流试验的放款"))
def note_trial_loan(*, application_subject: str, loan_subject: str, amount: Money, paid_on: date, by: Actor) -> TrialLoan | None:
    """Keep that money was lent on an application of a trial; None where it belongs to none, or was kept before."""
    return steps.note_loan(application_subject, loan_subject, amount, paid_on)
