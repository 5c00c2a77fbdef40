"""News that the risk room acts on: from lower rooms, and from its own sources."""

from __future__ import annotations

from datetime import date

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.events import handles
from chezhe.kernel.models import Event
from chezhe.risk.actions.decide_application import decide_application
from chezhe.risk.actions.end_live_trial import end_live_trial
from chezhe.risk.actions.measure_coverage import measure_coverage
from chezhe.risk.actions.note_trial_loan import note_trial_loan
from chezhe.risk.actions.score_in_shadow import score_in_shadow
from chezhe.risk.actions.screen_customer import screen_customer
from chezhe.risk.actions.trace_customer import trace_customer
from chezhe.risk.deciding import queries as deciding_queries
from chezhe.risk.guarantees import queries as guarantees
from chezhe.risk.guarantees.errors import LendingValueMissing, ProposalMissing
from chezhe.risk.trials import queries as trials
from chezhe.risk.trials import watching


@handles("customer.created")
def trace_new(event: Event) -> None:
    """A customer is on file: what they share with others."""
    trace_customer(customer_number=event.subject.partition(":")[2], known_at=clock.now(), by=SYSTEM)


@handles("customer.created")
def screen_new(event: Event) -> None:
    """A customer is on file: whether a list names them."""
    screen_customer(customer_number=event.subject.partition(":")[2], by=SYSTEM)


@handles("vehicle.registered")
def trace_owner(event: Event) -> None:
    """A car is on file: it is one more value its owner may share."""
    trace_customer(customer_number=event.payload["owner"], known_at=clock.now(), by=SYSTEM)


@handles("application.submitted")
def measure_submitted(event: Event) -> None:
    """Every application is measured when it is handed in, as far as its car has a value; the decision may have been first."""
    before = deciding_queries.check_before(event.subject)
    if before is None or not guarantees.is_measured_since(event.subject, before):
        _measure(event.subject)


@handles("vehicle.appraised")
def measure_appraised(event: Event) -> None:
    """An application that waited for its car's value."""
    if event.payload.get("asked_for") and event.payload.get("outcome") == "agreed":
        _measure(event.payload["asked_for"])


@handles("security.accept")
def measure_secured(event: Event) -> None:
    """Something more stands behind a loan: what it comes to now."""
    _measure(event.subject)


def _measure(subject: str) -> None:
    try:
        measure_coverage(subject=subject, business_date=business_date.current(), by=SYSTEM)
    except (LendingValueMissing, ProposalMissing):
        # Without a value there is no coverage to know: the decision names the missing fact and refers.
        return


# Behind what measures the coverage: the decision is to know it.
@handles("facts.gathered")
@handles("vehicle.appraised")
def decide_when_gathered(event: Event) -> None:
    """Decide every round that waited for this subject and waits for nothing more."""
    for waiting in deciding_queries.concerning(event.subject):
        decide_application(round_id=waiting.pk, by=SYSTEM)


@handles("decision.made")
def let_the_challenger_answer(event: Event) -> None:
    """A live decision is made: what the model in the shadow would have said."""
    if event.payload.get("kind") == "live":
        score_in_shadow(decision_number=event.payload["number"], by=SYSTEM)


@handles("loan.activated")
def keep_the_loan_of_a_trial(event: Event) -> None:
    """Money was lent: whether on an application of a live trial."""
    if event.payload.get("application"):
        note_trial_loan(
            application_subject=event.payload["application"], loan_subject=event.subject, amount=Money(event.payload["principal_fen"]),
            paid_on=date.fromisoformat(event.payload["paid_on"]), by=SYSTEM,
        )


@handles("decision.made")
@handles("loan.activated")
def watch_the_trial(event: Event) -> None:
    """One more application or loan: whether the running trial is full, or a guard is broken."""
    trial = trials.running()
    if trial is not None and watching.reason_to_end(trial, business_date.current()):
        end_live_trial(live_trial_number=trial.number, business_date=business_date.current(), by=SYSTEM)
