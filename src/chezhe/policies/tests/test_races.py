"""Two people at once: what is decided is decided once, and no number is given twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from chezhe.kernel import roles
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.models import Event
from chezhe.policies import queries, seeds
from chezhe.policies.actions.roll_back_policy import roll_back_policy
from chezhe.policies.models import PolicyVersion
from chezhe.policies.tests.acting import DAY, drafted, person, published, saved, submitted, through

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def shipped() -> Iterator[None]:
    """Another test's emptied database has no tables."""
    seeds.seed_policies()
    yield


def together(*acts: Callable[[], PolicyVersion]) -> list[str]:
    """Run them at the same moment; what each came to."""
    outcomes: list[str] = []
    line = threading.Barrier(len(acts))

    def run(act: Callable[[], PolicyVersion]) -> None:
        line.wait()
        try:
            outcomes.append(act().number)
        except BusinessError as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_two_publishers_publish_once() -> None:
    maker, first, second = person("林", roles.RISK_MANAGER), person("陈", roles.COMPLIANCE), person("杜", roles.COMPLIANCE)
    draft = submitted(saved(drafted(maker), maker, score=">= 660"), maker)
    assert together(lambda: published(draft, first), lambda: published(draft, second)) == ["tier-v2", "wrong_state"]
    assert Event.objects.filter(name="policy.published").count() == 1
    assert queries.current("tier", DAY).number == "tier-v2"


def test_two_makers_submit_one_version_of_a_table() -> None:
    first, second = person("林", roles.RISK_MANAGER), person("梅", roles.RISK_MANAGER)
    one, other = saved(drafted(first), first, score=">= 660"), saved(drafted(second), second, score=">= 670")
    outcomes = together(lambda: submitted(one, first), lambda: submitted(other, second))
    assert outcomes[0] == "another_version_waits" and len(outcomes) == 2
    assert PolicyVersion.objects.filter(status="submitted").count() == 1


def test_drafts_begun_at_once_have_numbers_of_their_own() -> None:
    makers = [person(name, roles.RISK_MANAGER) for name in ("林", "梅", "芳")]
    assert together(*(lambda by=by: drafted(by) for by in makers)) == ["tier-v2", "tier-v3", "tier-v4"]


def test_two_rollbacks_at_once_roll_back_once() -> None:
    maker, first, second = person("林", roles.RISK_MANAGER), person("陈", roles.COMPLIANCE), person("杜", roles.COMPLIANCE)
    through(maker, first, score=">= 660")
    outcomes = together(*(
        lambda by=by: roll_back_policy(policy_code="tier", to_number="tier-v1", reason="误伤太多", business_date=DAY, by=by)
        for by in (first, second)))
    assert outcomes == ["in_force_already", "tier-v3"]
