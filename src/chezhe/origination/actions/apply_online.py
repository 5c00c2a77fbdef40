"""A customer applies on a phone."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination import online, permissions, steps
from chezhe.origination.models import Application
from chezhe.origination.online import OnlineWish
from chezhe.risk.deciding.asking import ONLINE


@action(permissions.WRITE, label=_("线上申请"))
def apply_online(*, customer_number: str, wish: OnlineWish, device: str = "", business_date: date, by: Actor) -> Application:
    """Begin an application with product, amount, term, car and agreements; it lands as a draft at the customer's own branch, and waits
    for its papers. One car is applied for once. `device` marks the customer's own; without it a person looks at the case.

    Raises CustomerUnknown, ProductUnfit, AgreementMissing or Invalid (422), NotFound (404), AppliedAlready or VinExists… (409).
    """
    steps.require_filing(ONLINE, device, by)
    customer = steps.customer_called(customer_number, by)
    version, trade = steps.opened_for(wish.product_code, customer, business_date)
    online.require_fits(version.terms, wish)
    online.agree(customer, wish, business_date, by=by)
    car = online.car_of(customer, wish, business_date, by=by)
    online.require_once(car)
    application = steps.begin(
        customer, version, filed_through=ONLINE, device=device, on=business_date, by=by, trade=trade, vehicle=car, amount=wish.amount,
        periods=wish.periods, price=wish.price, purpose=wish.purpose,
        monthly_income=customer.monthly_income if wish.monthly_income is None else wish.monthly_income, monthly_debt=wish.monthly_debt)
    steps.announce(application, "applied_online")
    return application
