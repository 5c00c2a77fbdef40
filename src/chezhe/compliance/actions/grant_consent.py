from datetime import date

from chezhe.compliance import permissions, steps
from chezhe.compliance.models import Consent
from chezhe.kernel import subjects
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.GRANT_CONSENT)
def grant_consent(
    *, subject: str, kind: str, channel: str, evidence: str, detail: str = "", expires_on: date | None = None,
    business_date: date, by: Actor,
) -> Consent:
    """Record that a customer agreed, to which text and with which proof."""
    subjects.open_subject(subject, by)
    return steps.grant(
        subject=subject, kind=kind, on=business_date, channel=channel, evidence=evidence, detail=detail, expires_on=expires_on, by=by
    )
