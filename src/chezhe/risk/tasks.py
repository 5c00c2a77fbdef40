"""The worker's doors: outside sources are asked, lists gone through, files traced, applications decided. Nothing is sent inside a
transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import chain

from chezhe.kernel import business_date, clock, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.jobs import job
from chezhe.risk.actions.begin_backtest import begin_backtest
from chezhe.risk.actions.blend_estimates import blend_estimates
from chezhe.risk.actions.decide_application import decide_application
from chezhe.risk.actions.end_live_trial import end_live_trial
from chezhe.risk.actions.import_watch_list import import_watch_list
from chezhe.risk.actions.score_customers import score_customers as score
from chezhe.risk.actions.screen_again import screen_again
from chezhe.risk.actions.screen_chunk import screen_chunk as screen
from chezhe.risk.actions.screen_customer import screen_customer
from chezhe.risk.actions.settle_backtest import settle_backtest
from chezhe.risk.actions.take_answer import take_answer
from chezhe.risk.actions.trace_customer import trace_customer
from chezhe.risk.actions.watch_model import watch_model
from chezhe.risk.deciding import queries as deciding_queries
from chezhe.risk.deciding import steps as deciding_steps
from chezhe.risk.facts import asking, gathering
from chezhe.risk.lab import queries as lab_queries
from chezhe.risk.lab import running
from chezhe.risk.lab import steps as lab_steps
from chezhe.risk.profiles import steps as profile_steps
from chezhe.risk.registry import queries as registry
from chezhe.risk.registry.errors import ModelGone
from chezhe.risk.relations import queries as relations
from chezhe.risk.screening import lists, provider
from chezhe.risk.trials import queries as trials
from chezhe.risk.valuing import providers, questions
from chezhe.risk.valuing.models import Valuing

# A question that waits for longer has lost its job.
FORGOTTEN_AFTER = timedelta(minutes=10)
CUSTOMERS_A_RUN = 200


@job("risk.ask_sources", queue="sources")
def ask_sources(batch: str, also: Sequence[str] = ()) -> int:
    """Ask all sources of these batches at once and record each answer as it comes, while the slower ones are still waited for; running
    it again asks only what still waits. Returns how many."""
    ready, over = asking.askings_of([batch, *also])
    for outcome in chain(over, gathering.answers(ready)):
        take_answer(outcome=outcome, by=SYSTEM)
    return len(ready) + len(over)


@job("risk.ask_forgotten", queue="upkeep", every=timedelta(minutes=10))
def ask_forgotten() -> int:
    """The net under the job above; returns how many batches were taken up."""
    batches = asking.forgotten(clock.now() - FORGOTTEN_AFTER)
    for batch in batches:
        jobs.enqueue("risk.ask_sources", batch=batch)
    return len(batches)


@job(deciding_steps.DECIDE)
def decide_asked(round_id: int) -> None:
    """Decide one round; a round that is over stays as it is."""
    decide_application(round_id=round_id, by=SYSTEM)


@job("risk.decide_overdue", queue="upkeep", every=timedelta(minutes=5))
def decide_overdue() -> int:
    """Decide what has waited too long because a job was lost; returns how many."""
    waiting = list(deciding_queries.overdue(clock.now()).values_list("pk", flat=True))
    for round_id in waiting:
        decide_application(round_id=round_id, by=SYSTEM)
    return len(waiting)


@job(lists.JOB)
def screen_chunk(number: str, chunk: int) -> None:
    """One chunk of customers against a new version of a list."""
    screen(watchlist_number=number, chunk=chunk, by=SYSTEM)


@job("risk.trace_customers", every=timedelta(minutes=5))
def trace_customers() -> None:
    """Customers who are new to the traces or whose file has changed: their traces, then the lists."""
    numbers = relations.to_trace(CUSTOMERS_A_RUN)
    for number in numbers:
        trace_customer(customer_number=number, known_at=clock.now(), by=SYSTEM)
        screen_customer(customer_number=number, by=SYSTEM)
    if len(numbers) == CUSTOMERS_A_RUN:
        jobs.enqueue("risk.trace_customers")


@job("risk.fetch_watch_lists", queue="sources", every=timedelta(days=1))
def fetch_watch_lists() -> int:
    """The provider's newest lists, if they are new to us; returns how many came. Running it again brings in only what is missing."""
    brought = provider.newest(f"watchlists-{clock.today():%Y%m%d}")
    for heading, entries in brought:
        import_watch_list(heading=heading, entries=entries, by=SYSTEM)
    return len(brought)


@job("risk.gather_estimates")
def gather_estimates(number: str) -> None:
    """Ask everybody outside about a car, then make one value of what they said; a valuation that has its answers stays as it is."""
    valuing = Valuing.objects.select_related("vehicle__owner__branch__region").get(number=number)
    if valuing.status == "gathering":
        blend_estimates(valuing_number=number, answers=providers.ask_all(questions.question_of(valuing)), by=SYSTEM)


@job("risk.screen_again", queue="upkeep", every=timedelta(hours=6))
def screen_customers_again() -> int:
    """The periodic review of the watch lists; returns how many questions it led to."""
    return sum(len(wished.asked) for wished in screen_again(by=SYSTEM))


@job("risk.watch_models", queue="upkeep", every=timedelta(days=1))
def watch_models() -> int:
    """Whether a model that scores, or one in the shadow, has drifted; returns how many were looked at."""
    looked_at = 0
    for number in registry.at_work().values_list("number", flat=True):
        try:
            watch_model(scoring_model_number=number, business_date=business_date.current(), by=SYSTEM)
        except ModelGone:
            continue  # said in the log where it could not be read; the others are looked at all the same
        looked_at += 1
    return looked_at


@job("risk.watch_live_trial", queue="upkeep", every=timedelta(days=1))
def watch_live_trial() -> bool:
    """Whether the running trial has to end, by its date, its number or what became of its loans; returns whether it did."""
    trial = trials.running()
    today = business_date.current()
    return trial is not None and end_live_trial(live_trial_number=trial.number, business_date=today, by=SYSTEM) is not None


@job(profile_steps.JOB)
def score_customers(customers: list[int]) -> None:
    """Customers of whose behaviour something new was told; a score that is written stays so, whatever the queue repeats."""
    score(customers=customers, business_date=business_date.current(), by=SYSTEM)


@job(lab_steps.RUN, queue="lab")
def run_backtest(number: str) -> None:
    """Judge past applications by two strategies; one that is over stays as it is."""
    if not lab_queries.is_open(number):
        return
    test = begin_backtest(backtest_number=number, by=SYSTEM)
    report = None if test.is_over else running.report_on(test)
    if report is not None:
        settle_backtest(backtest_number=number, report=report, by=SYSTEM)


@job("risk.take_up_backtests", queue="upkeep", every=timedelta(minutes=5))
def take_up_backtests() -> int:
    """Backtests whose job is gone are begun again, or fail when that has not helped; returns how many."""
    numbers = lab_queries.lost(clock.now() - FORGOTTEN_AFTER)
    for number in numbers:
        jobs.enqueue(lab_steps.RUN, number=number)
    return len(numbers)
