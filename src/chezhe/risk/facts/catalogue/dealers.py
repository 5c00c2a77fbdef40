"""What is known of the dealer an application comes from."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from chezhe.channels.states import DEALER
from chezhe.kernel import roles
from chezhe.risk.facts.catalogue.defining import Group

_dealer = Group("dealer", "dealer", roles.CHANNEL_MGR, days=1)

FACTS: Final = (
    _dealer.text("dealer_status", _("车商状态"), *DEALER.statuses),
    # Told when a first instalment shows itself, and of everybody once a month.
    _dealer.rate("dealer_first_payment_default_rate", _("车商首期逾期率"), source="ledger", days=40),
    _dealer.count("dealer_months", _("车商合作月数"), 720, unit="months"),
)
