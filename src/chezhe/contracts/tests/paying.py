"""Payees, limits and payouts in parts, as tests of several rooms bring them about."""

from __future__ import annotations

from datetime import date
from typing import Any

from chezhe.channels.models import Dealer
from chezhe.channels.tests.dealing import dealer
from chezhe.contracts.actions.check_disbursement import check_disbursement
from chezhe.contracts.actions.decide_payee import decide_payee
from chezhe.contracts.actions.decide_payout_limit import decide_payout_limit
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.actions.propose_payee import NewPayee, propose_payee
from chezhe.contracts.actions.propose_payout_limit import NewLimit, propose_payout_limit
from chezhe.contracts.models import Disbursement, PayeeAccount, PayoutLimit
from chezhe.contracts.paying.steps import Part
from chezhe.contracts.tests.conftest import TODAY, Cast, person
from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.testing import actor
from chezhe.payments.vendors.bank.simulator import account_with_fate
from chezhe.staff.models import User

GOOD = "6217000000000000004"


def finance(cast: Cast, name: str = "蔡") -> Any:
    return _once(name, roles.FINANCE, cast)


def _once(name: str, role: str, cast: Cast) -> Any:
    """The same person however often a test asks."""
    known = User.objects.filter(username=f"k-{name}").first()
    if known is None:
        return person(name, role, cast.branch)
    at = cast.branch.pk
    return actor(name, role, user_id=known.pk, branch_id=at, branch_ids=[at], reach=Reach.BRANCH)


def dealer_account(cast: Cast, account: str = GOOD) -> PayeeAccount:
    """A dealer of the branch with an account that Fang proposed and Cai stands by."""
    known = Dealer.objects.first()
    seller = known or dealer(_once("渠", roles.CHANNEL_MGR, cast))
    return agreed(cast, NewPayee(kind="dealer", dealer_number=seller.number, bank_name="工商银行城东支行", account=account))


def insurer_account(cast: Cast, account: str = "6217000000000000012", name: str = "平安财产保险公司") -> PayeeAccount:
    return agreed(cast, NewPayee(kind="insurer", name=name, bank_name="建设银行城东支行", account=account))


def agreed(cast: Cast, proposed: NewPayee) -> PayeeAccount:
    made = propose_payee(proposed=proposed, by=cast.fang)
    return decide_payee(payee_number=made.number, agrees=True, opinion="电话回拨核实", by=finance(cast))


def limit(cast: Cast, *, per_payout: Money | None = None, per_day: Money | None = None, on: date = TODAY) -> PayoutLimit:
    """A limit of the branch that two people of finance agreed on."""
    said = NewLimit(branch_code=cast.branch.code, effective_from=on, per_payout=per_payout, per_day=per_day)
    made = propose_payout_limit(limit=said, reason="头寸安排", business_date=TODAY, by=finance(cast))
    return decide_payout_limit(limit_number=made.number, agrees=True, by=finance(cast, "钱"))


def split_payout(cast: Cast, number: str, *parts: tuple[PayeeAccount, int], way: str = "api") -> Disbursement:
    """Made ready and checked: so many yuan for each of these, the rest for the borrower."""
    wished = [Part(payee_number=payee.number, amount=Money(yuan * 100)) for payee, yuan in parts]
    made = prepare_disbursement(contract_number=number, parts=wished, way=way, business_date=TODAY, by=cast.fang)
    return check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)


def bad(fate: str, issuer: str = "629999") -> str:
    """An account that the simulated bank treats as `fate`."""
    return account_with_fate(fate, issuer)
