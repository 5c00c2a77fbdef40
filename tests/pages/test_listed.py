"""Lists name people without deciphering them."""

from __future__ import annotations

import pytest

from chezhe.kernel.actor import SYSTEM
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import lend, make_bank

pytestmark = pytest.mark.django_db
SECRET = {"id_number", "address", "employer"}


def test_what_is_only_named_is_not_deciphered_and_still_there_when_asked_for() -> None:
    lend(make_bank())
    named = Loan.objects.visible_to(SYSTEM).naming("customer", "product_version__product")[0]
    assert named.customer.get_deferred_fields() == SECRET and named.product_version.get_deferred_fields() >= {"content"}
    assert "terms" not in named.get_deferred_fields() and named.customer.masked_name.startswith("王")
    assert named.customer.id_number == Loan.objects.get(pk=named.pk).customer.id_number


def test_a_list_leaves_out_its_own_long_fields_too() -> None:
    loan = lend(make_bank())
    listed = Loan.objects.visible_to(SYSTEM).listed("customer")[0]
    own = {field.name for field in Loan._meta.concrete_fields if type(field).__name__ in ("Json", "LongText", "Encrypted")}
    assert listed.get_deferred_fields() == own and listed.customer.get_deferred_fields() == SECRET
    assert Loan.objects.visible_to(SYSTEM).listed("customer").select_related("customer")[0] == loan
