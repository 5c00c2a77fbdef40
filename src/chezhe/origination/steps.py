"""Writing applications: shared by this room's actions and by the rooms above."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.approvals import steps as approval_steps
from chezhe.approvals.models import ApprovalRequest
from chezhe.approvals.rules import Stage
from chezhe.compliance import steps as compliance_steps
from chezhe.customers import queries as customer_queries
from chezhe.customers.models import Customer, Trade
from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, events, locks, moves, numbers, parameters
from chezhe.kernel.actor import BORROWER, DEALER, Actor
from chezhe.kernel.errors import Invalid, NotFound, WrongState
from chezhe.kernel.scope import Locking
from chezhe.leads.models import Lead
from chezhe.origination import appealing, cars, duplicates, errors, figures, handing, labels, owning, queries, routing, rules
from chezhe.origination.figures import Assessment
from chezhe.origination.models import PREFIX, Application
from chezhe.origination.revising import history
from chezhe.origination.states import APPLICATION
from chezhe.products import queries as product_queries
from chezhe.products import rules as product_rules
from chezhe.products import steps as product_steps
from chezhe.products.models import ProductVersion
from chezhe.products.rules import SOLE_TRADER
from chezhe.risk.deciding import conditions, reasons, replaying
from chezhe.risk.deciding import steps as deciding_steps
from chezhe.risk.deciding.asking import BY_DEALER, COUNTER, ONLINE
from chezhe.risk.deciding.models import Decision
from chezhe.risk.relations import normalising
from chezhe.vehicles.models import Vehicle

# A shorter mark would be shared by strangers.
DEVICE_LEAST = 8
# Who is of the house files over the counter or on-line; an outsider in one way only.
WAYS_OF_FILING = {BORROWER: (ONLINE,), DEALER: (BY_DEALER,)}
# The ways that a decision may take to people (docs/risk-decision.md); who agrees on each is the table of approval stages'.
WAYS = ("review", "double_review", "committee")

_LOCKED = Locking(lambda by: Application.objects.visible_to(by).select_related("customer", "vehicle", "product_version__product"))


def require_filing(filed_through: str, device: str, by: Actor) -> None:
    """Raise Invalid (422) for a way of filing that is not theirs, a device that is not the customer's (over the counter, with a dealer), a
    programme over the counter (where no device is asked for), or a device that says nothing."""
    if filed_through not in WAYS_OF_FILING.get(by.kind, (COUNTER, ONLINE)):
        raise Invalid(field="filed_through", code="filed_through_unknown", sentence=_("没有这种进件方式，请从列表中选择。"))
    if device.strip() and filed_through != ONLINE:
        raise Invalid(field="device", code="device_at_counter", sentence=_("柜台进件不登记设备：柜员的设备不是客户的设备。"))
    if by.is_program and filed_through == COUNTER:
        raise Invalid(
            field="filed_through", code="counter_by_program", sentence=_("接口程序只能线上进件；柜台进件请由柜员登录后本人办理。"))
    if device.strip() and len(normalising.normalise("device", device)) < DEVICE_LEAST:
        raise Invalid(field="device", code="device_unreadable", sentence=_("设备标识至少要有 8 个字母或数字。"))


def own_way(by: Actor) -> str:
    """How somebody files who does not say: an outsider in the one way there is, a programme on-line, a clerk over the counter."""
    (way, *_others) = WAYS_OF_FILING.get(by.kind, (ONLINE if by.is_program else COUNTER,))
    return way


def customer_called(number: str, by: Actor) -> Customer:
    """A customer named in a form; raises CustomerUnknown (422) beside the field."""
    try:
        return Customer.objects.visible_to(by).fetch(number.strip().upper())
    except NotFound:
        raise errors.CustomerUnknown() from None


def dealer_of(lead: Lead | None, by: Actor) -> int | None:
    """The id of whoever brings the case: the dealer whose person files it, else the dealer of the enquiry."""
    if by.kind == DEALER:
        (dealer,) = by.party_ids
        return dealer
    return lead.dealer_id if lead is not None else None


def name_refinanced(application: Application, contract_number: str, *, by: Actor) -> Application:
    """Let a locked application name the contract whose loan it is to pay off. Raises WrongState (409) once it is decided against."""
    if application.status in ("rejected", "withdrawn", "expired"):
        raise WrongState(
            subject=APPLICATION.subject, status=APPLICATION.label(application.status), verb=_("指明借新还旧"), possible="—",
        )
    application.refinances = contract_number
    application.save(update_fields=["refinances"])
    events.publish("application.refinances", application.subject, {"number": application.number, "contract": contract_number})
    return application


def product_for(code: str, borrower_kind: str, on: date) -> ProductVersion:
    """The version in force that lends to this kind of borrower; raises NotFound, NotOnOffer or ProductUnfit (422)."""
    version = product_queries.current(code, on)
    if borrower_kind not in version.terms.borrower_kinds:
        raise errors.ProductUnfit(product=code)
    return version


def opened_for(code: str, customer: Customer, on: date, *, asked: str = "") -> tuple[ProductVersion, Trade | None]:
    """The version in force and, for whoever borrows as a sole trader, the trade. Not `asked`, a person whom the product lends to as such
    borrows as a person.

    Raises NotFound, NotOnOffer, ProductUnfit (422), or TradeMissing (422) where the product wants a trade that is not on file in force.
    """
    version = product_queries.current(code, on)
    lent = version.terms.borrower_kinds
    kind = next((kind for kind in customer_queries.borrower_kinds(customer) if kind in lent and asked in ("", kind)), "")
    if not kind and customer.is_person and SOLE_TRADER in lent and asked in ("", SOLE_TRADER):
        raise errors.TradeMissing()
    if not kind:
        raise errors.ProductUnfit(product=code)
    return version, customer.own_trade if kind == SOLE_TRADER else None


def lock(number: str, by: Actor) -> Application:
    """An application in reach, locked until the transaction ends; raises NotFound (404). Of customers the borrower alone acts on it:
    whoever borrows beside another reads it."""
    application = _LOCKED.lock(number, by)
    if by.kind == BORROWER and application.customer_id not in by.party_ids:
        raise NotFound(what=number)
    return application


def begin(
    customer: Customer, version: ProductVersion, *, lead: Lead | None = None, filed_through: str = COUNTER, device: str = "", on: date,
    by: Actor, **figures: Any,
) -> Application:
    """A new draft of a customer, at the product's usual price and with what else is known; whose it is, `owning` says. Refused while the
    customer has as many under way as are allowed."""
    dealer_id = dealer_of(lead, by)
    owner_id = owning.owner_for(customer, dealer_id=dealer_id, on=on, by=by)
    duplicates.require_room(customer, on, by)
    purposes, usual = version.terms.purposes, version.terms.prices[0]
    known = {
        "purpose": purposes[0] if len(purposes) == 1 else "", "method": usual.method.value, "annual_rate": usual.rate_default,
        "monthly_income": customer.monthly_income, **figures,
    }
    application = Application(
        number=numbers.next_number(PREFIX, on), customer=customer, product_version=version, lead=lead, dealer_id=dealer_id,
        branch_id=customer.branch_id, owner_id=owner_id, maker_ids=sorted(by.user_ids),
        filed_through=filed_through, device=device.strip(), created_at=clock.now(), **known,
    )
    application.stamp(by)
    application.save()
    moves.record(application.subject, "start", "", application.status, by=by)
    return application


def lock_editable(number: str, by: Actor) -> Application:
    """The same, while it may be written in; raises WrongState (409)."""
    application = lock(number, by)
    if not application.is_editable:
        raise WrongState(
            subject=APPLICATION.subject, status=APPLICATION.label(application.status), verb=_("修改"),
            possible=gettext("、").join(APPLICATION.label(verb) for verb in APPLICATION.verbs(application.status)) or "—",
        )
    return application


def keep(application: Application, step: str, values: dict[str, Any], spoiled: dict[str, str], *, on: date, by: Actor) -> bool:
    """Put a step on the locked row and save it; False when nothing was new. What was typed is kept until it is valid."""
    before, drafted = history.written(application), application.draft
    for name, value in values.items():
        _put(application, name, value, on, by)
    application.draft = {s: f for s, f in {**application.draft, step: _still_spoiled(application, step, values, spoiled)}.items() if f}
    after = history.written(application)
    if after == before and application.draft == drafted:
        return False
    mark(application, by)
    application.save()
    history.keep(application, before, after, by=by)
    return True


def _still_spoiled(application: Application, step: str, values: dict[str, Any], spoiled: dict[str, str]) -> dict[str, str]:
    held = {name: text for name, text in application.draft.get(step, {}).items() if name not in values}
    return held | spoiled


def _put(application: Application, name: str, value: Any, on: date, by: Actor) -> None:
    if name == "product_code":
        application.product_version = product_for(value, application.borrower_kind, on) if value else None
        _usual_price(application)
    elif name == "vehicle_number":
        application.vehicle = Vehicle.objects.visible_to(by).fetch(value) if value else None
        if application.vehicle is not None and application.further_vehicles.filter(vehicle=application.vehicle).exists():
            raise errors.VehicleTwice(vehicle=application.vehicle.number)
    elif name == "acceptance":
        application.acceptance = value or "asked"
    else:
        setattr(application, name, value)


def _usual_price(application: Application) -> None:
    """Another product may not offer the method: begin with its usual one at its usual rate."""
    version = application.product_version
    if version is not None and application.method not in version.terms.methods:
        first = version.terms.prices[0]
        application.method, application.annual_rate = first.method.value, first.rate_default


def mark(application: Application, by: Actor) -> None:
    """A new version by one more maker; the caller saves."""
    application.maker_ids = sorted({*application.maker_ids, *by.user_ids})
    application.touch(by)


def mark_beside(application: Application, before: str, by: Actor) -> None:
    """The same after somebody was put beside the borrower or taken out, with who stood there `before`."""
    mark(application, by)
    application.save()
    history.keep(application, {"parties": before}, {"parties": history.standing_beside(application)}, by=by)


def mark_cars(application: Application, before: str, by: Actor) -> None:
    """The same after a further car was added or taken out."""
    mark(application, by)
    application.save()
    history.keep(application, {"further_vehicles": before}, {"further_vehicles": cars.standing_there(application)}, by=by)


def require_complete(application: Application, on: date) -> None:
    """Raise Incomplete (422), naming everything that is missing."""
    gaps = queries.gaps(application, on)
    if gaps:
        raise errors.Incomplete(gaps, [labels.gap_words(gap) for gap in gaps])


def judged(application: Application, on: date) -> Assessment:
    """The figures, which no product limit and no cap may refuse.

    Raises Invalid or FurtherUnfit (422) for what lies outside the product, NoPlan (422), CapExceeded or ParameterMissing (409).
    """
    vehicle, method = application.vehicle, application.repayment_method
    base = queries.price_base(application, on)
    if application.product_version is None or vehicle is None or method is None or base is None:
        raise Invalid(code="figures_missing", sentence=_("资料不全，算不出审批所需的数字。"))
    terms, law_base = application.product_version.terms, cars.law_base(application, base, cars.counted(application, on))
    product_steps.check_request(terms, figures.request_of(application, vehicle, method, law_base, on))
    for car, problem in cars.misfits(application, terms, on):
        raise errors.FurtherUnfit(vehicle=car.number, why=product_steps.sentence_of(problem))
    assessment = figures.assess(application, on)
    if assessment is None:
        raise Invalid(code="figures_missing", sentence=_("资料不全，算不出审批所需的数字。"))
    compliance_steps.refuse_blocks(assessment.findings)
    return assessment


def freeze(application: Application, assessment: Assessment) -> None:
    """Keep every figure as it stands, with the ratios that lists show; the caller saves."""
    application.snapshot = figures.snapshot(application, assessment)
    application.ltv, application.dti = assessment.ltv, assessment.dti


def grade(application: Application, decision: Decision, on: date) -> None:
    """Show on lists what the machine made of it, and whether it belongs to the fast lane; the caller saves."""
    limit = parameters.find("AUTO_APPROVE_MAX", on)
    application.tier, application.score = decision.tier, decision.score
    application.exceptions = replaying.exceptions_of(decision)
    application.is_prime = rules.is_prime(
        tier=decision.tier, exceptions=application.exceptions, amount=application.amount,
        amount_max=Money(int(Decimal(limit.value) * 100)) if limit else None,
    )


def ungrade(application: Application) -> None:
    """What is decided anew has no grade until then; the caller saves."""
    application.tier, application.score, application.exceptions, application.is_prime = "", None, None, False


def offer_until(on: date) -> date:
    """The last day of an offer made on a day; raises ParameterMissing (409)."""
    return rules.offer_until(on, parameters.count("OFFER_DAYS", on))


def bind(application: Application, bound: str) -> None:
    """Note how far the contract of an accepted application has come: `made`, `paid`, or nothing again once it is void."""
    application.bound = bound
    application.save(update_fields=["bound"])


def require_unbound(application: Application) -> None:
    """Raises ContractMade (409) while a contract stands on it."""
    if application.bound:
        raise errors.ContractMade(number=application.number)


def hold_vehicle(application: Application) -> None:
    """Make sure that no other application stands on a car of this one, its own or a further, that is under decision, on offer or waits
    for its money; raises VehicleTaken (409)."""
    every = {car.subject: car for car in (application.vehicle, *cars.of(application)) if car is not None}
    locks.hold_all(every)
    for car in every.values():
        if cars.is_taken(car, application):
            raise errors.VehicleTaken() if car == application.vehicle else errors.FurtherVehicleTaken(vehicle=car.number)


def open_review(application: Application, route: str, hours: int | None, by: Actor) -> None:
    """Ask whoever has to agree on this way, none of whom wrote in it, within the hours that the decision gives; the caller saves."""
    staged = routing.stages(application, route, business_date.current())
    _ask(application, staged.stages, hours, by, staged.told)


def bring_back(application: Application, returned: ApprovalRequest, by: Actor) -> str:
    """Ask again from the stage that sent it back, and tell the verb that goes there; the caller saves."""
    kept = {name: returned.about[name] for name in ("staged_by", "staged_row", "staged_trouble") if name in returned.about}
    _ask(application, returned.stage_list[returned.stage:], conditions.of_subject(application.subject).sla_hours, by, kept)
    return "bring_back" if returned.stage == 0 else "bring_back_final"


def _ask(
    application: Application, stages: Sequence[Stage], hours: int | None, by: Actor, staged: Mapping[str, Any] | None = None,
) -> None:
    product = application.product_version.product if application.product_version else ""
    application.approval = approval_steps.open_request(
        kind=queries.APPROVAL_KIND, subject=application.subject, title=f"{application.customer.masked_name} · {product}",
        stages=stages, maker_ids={application.owner_id, *application.maker_ids, *appealing.decliners(application)},
        branch_id=application.branch_id, by=by,
        amount=application.amount, due_at=clock.now() + timedelta(hours=hours or rules.REVIEW_HOURS), owner_id=application.owner_id,
        about=routing.about(application, staged or {}),
    )


def ask_decision(application: Application, assessment: Assessment, *, kind: str = "live", by: Actor) -> None:
    """Let the risk room gather facts and decide; the answer comes as the news `decision.made`."""
    deciding_steps.begin(handing.asking(application, assessment, kind), by=by)


def settle_request(subject: str, outcome: str, by: Actor) -> None:
    """Follow a request that was taken back elsewhere, so that no application waits for a vote that cannot come."""
    application = Application.objects.select_for_update().get(number=subject.partition(":")[2])
    if outcome == "withdrawn" and application.is_in_review:
        moves.move(application, APPLICATION, "withdraw", by=by, reason=reasons.WITHDRAWN)


def announce(application: Application, what: str, **more: Any) -> None:
    """Tell the rooms above, with the number and what else there is to say."""
    events.publish(f"application.{what}", application.subject, {"number": application.number, **more})


def contract_terms(application: Application, start: date) -> ContractTerms:
    """What a contract of this application fixes, if the money is paid out on `start`. ValueError while figures are missing."""
    version, amount, periods, rate = application.product_version, application.amount, application.periods, application.annual_rate
    if version is None or amount is None or periods is None or rate is None:
        raise ValueError(f"{application.number} has no terms yet")
    return product_rules.loan_terms(
        version.terms, amount=amount, periods=periods, annual_rate=rate, start=start, method=application.repayment_method,
        due_day=application.due_day,
    )
