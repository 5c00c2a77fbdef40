from datetime import date

from chezhe.compliance import permissions, steps
from chezhe.compliance.models import Consent
from chezhe.kernel import events, subjects
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.WITHDRAW_CONSENT)
def withdraw_consent(*, subject: str, kind: str, channel: str, evidence: str, business_date: date, by: Actor) -> Consent:
    """Record that a customer took a consent back; whatever rests on it is refused from now on."""
    subjects.open_subject(subject, by)
    entry = steps.withdraw(subject=subject, kind=kind, on=business_date, channel=channel, evidence=evidence, by=by)
    events.publish("consent.withdrawn", subject, {"subject": subject, "kind": kind})
    return entry
