from chezhe.compliance import permissions, queries, steps
from chezhe.compliance.models import ContactAttempt
from chezhe.kernel import subjects
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.RECORD_CONTACT_OUTCOME)
def record_contact_outcome(*, contact_number: str, outcome: str, by: Actor) -> ContactAttempt:
    """Say what came of a reserved contact; one that was not made gives its slot back."""
    subjects.open_subject(queries.contact(contact_number).subject_text, by)
    return steps.complete_contact(contact_number, outcome, by)
