"""Take a version off the shelf."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.kernel.moves import move
from chezhe.products import permissions, steps
from chezhe.products.models import ProductVersion
from chezhe.products.states import VERSION


@action(permissions.RETIRE_VERSION)
def retire_version(*, version_number: str, retire_on: date, reason: str, business_date: date, by: Actor) -> ProductVersion:
    """Stop offering a published version from `retire_on`; loans made under it keep its terms.

    Raises WrongState (409), Invalid (422) for a day before the business date or a missing reason.
    """
    version = steps.lock_version(version_number)
    VERSION.require(version.status, "retire_version")
    if retire_on < business_date:
        raise Invalid(field="retire_on", code="retire_in_the_past", sentence=_("停用日期不能早于业务日期 %(day)s。"), day=business_date)
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请填写停用原因。"))
    version.retired_on = retire_on
    version.save(update_fields=["retired_on"])
    move(version, VERSION, "retire_version", by=by, reason=reason.strip())
    events.publish("product.retired", version.subject, {"version": version.number, "retired_on": retire_on.isoformat()})
    return version
