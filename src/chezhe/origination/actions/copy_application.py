from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock, moves, numbers
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.origination import duplicates, owning, permissions, steps
from chezhe.origination.models import PREFIX, Application, ApplicationParty, ApplicationVehicle


@action(permissions.WRITE, label=_("复制进件"))
def copy_application(*, application_number: str, business_date: date, by: Actor) -> Application:
    """Begin a new draft with the customer, the people beside, the cars and the figures of an earlier one, under the product as it is today.

    Papers, consents and what was decided are not taken over, nor the device it was filed from. It belongs to whoever copies it; the
    dealer that brought it stays.
    """
    earlier = steps.lock(application_number, by)
    if earlier.product_version is None:
        raise Invalid(code="product_missing", sentence=_("原进件还没有选产品，请直接新建进件。"))
    dealer_id = steps.dealer_of(None, by) or earlier.dealer_id
    owning.owner_for(earlier.customer, dealer_id=dealer_id, on=business_date, by=by)
    duplicates.require_room(earlier.customer, business_date, by)
    version = steps.product_for(earlier.product_version.product.code, earlier.borrower_kind, business_date)
    usual, is_offered = version.terms.prices[0], earlier.method in version.terms.methods
    made = Application(
        number=numbers.next_number(PREFIX, business_date), customer=earlier.customer, vehicle=earlier.vehicle, product_version=version,
        copied_from=earlier, trade=earlier.trade, dealer_id=dealer_id,
        branch_id=earlier.customer.branch_id, owner_id=by.user_id or earlier.owner_id, maker_ids=sorted(by.user_ids),
        filed_through=steps.own_way(by), purpose=earlier.purpose, price=earlier.price, amount=earlier.amount,
        periods=earlier.periods, method=earlier.method if is_offered else usual.method.value,
        annual_rate=earlier.annual_rate if is_offered else usual.rate_default, due_day=earlier.due_day,
        monthly_income=earlier.monthly_income, monthly_debt=earlier.monthly_debt, created_at=clock.now(),
    )
    made.stamp(by)
    made.save()
    ApplicationParty.objects.bulk_create([
        ApplicationParty(application=made, customer_id=party.customer_id, role=party.role) for party in earlier.parties.all()
    ])
    ApplicationVehicle.objects.bulk_create([
        ApplicationVehicle(application=made, vehicle_id=further.vehicle_id) for further in earlier.further_vehicles.all()
    ])
    moves.record(made.subject, "start", "", made.status, by=by, reason=earlier.number)
    return made
