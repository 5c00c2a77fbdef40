"""A case on the desk of a branch, and the people around it."""

from datetime import timedelta

from django.db import transaction

from chezhe.approvals import kinds, steps
from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.kernel.actor import Reach
from chezhe.staff import steps as staff_steps
from chezhe.staff.models import Delegation, RoleGrant
from chezhe.staff.tests.cast import AT, acting, branch, person

KIND = "test.desk"
COMMITTEE = {"role": roles.APPROVER, "votes": 2, "rejects": 2, "quorum": 3, "veto": roles.RISK_MANAGER, "chair": roles.REGIONAL_MGR,
             "roles": [roles.REGIONAL_MGR]}


def team():
    """Lin sells; Rui and Rong review; Chen and Du approve; Gao answers for risk, Mo for the branch, Shen for the region."""
    shop = branch()
    return {
        "lin": person("lin", roles.SALES, at=shop, reach=Reach.OWN), "rui": person("rui", roles.REVIEWER, at=shop),
        "rong": person("rong", roles.REVIEWER, at=shop), "chen": person("chen", roles.APPROVER, enrolled=True),
        "du": person("du", roles.APPROVER),
        "gao": person("gao", roles.RISK_MANAGER, enrolled=True), "mo": person("mo", roles.BRANCH_MGR, at=shop, enrolled=True),
        "shen": person("shen", roles.REGIONAL_MGR, enrolled=True),
    }


def known(**more):
    """The kind of these cases, decided in the inbox."""
    return kinds.register(kinds.Kind(KIND, "测试事项", is_decidable=True, **more))


def ask(people, *stages, **more):
    """Lin asks for a hundred thousand within four hours."""
    given = {"amount": Money(10_000_000), "due_at": AT + timedelta(hours=4), "kind": KIND} | more
    return steps.open_request(
        subject="case:1", title="测试", stages=stages or ({"role": roles.REVIEWER},), maker_ids=[people["lin"].pk], branch_id=branch().pk,
        by=acting(people["lin"]), **given,
    )


def vote(request, user, verdict="agree", opinion="同意", **actor_options):
    by = staff_steps.actor_for(user, AT, **actor_options)
    with transaction.atomic():
        return steps.cast_vote(request_number=request.number, verdict=verdict, opinion=opinion, by=by)


def delegation(giver, taker, *roles_given):
    return Delegation.objects.create(
        delegator=giver, delegate=taker, roles=list(roles_given), starts_on=AT.date(), ends_on=AT.date() + timedelta(days=3),
        reason="出差", created_at=AT,
    )


def retire(user, on):
    """The roles of a person end."""
    RoleGrant.objects.filter(user=user).update(ends_on=on)
