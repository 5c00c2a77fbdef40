"""The invented team of the demo: three branches in two regions, twenty-eight people, every role filled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chezhe.kernel import roles
from chezhe.kernel.actor import SYSTEM, Reach
from chezhe.staff import steps
from chezhe.staff.actions.create_branch import create_branch
from chezhe.staff.actions.create_region import create_region
from chezhe.staff.models import Branch, User

REGIONS = (("EAST", "华东区"), ("SOUTH", "华南区"))
BRANCHES = (("HZ01", "杭州一店", "EAST", "杭州"), ("NB01", "宁波一店", "EAST", "宁波"), ("SZ01", "深圳一店", "SOUTH", "深圳"))


@dataclass(frozen=True, slots=True)
class Person:
    """`branch` is empty for head office; `reach` says how far the role sees."""

    username: str
    name: str
    roles: tuple[str, ...]
    branch: str
    reach: Reach


def _at_branch(code: str, manager: str, sales: str, colleague: str, servicing: str) -> list[Person]:
    """A branch of four: its manager, two who sell, one who looks after loans."""
    place = code.lower()[:2]
    return [
        Person(f"{place}.manager", manager, (roles.BRANCH_MGR,), code, Reach.BRANCH),
        Person(f"{place}.sales", sales, (roles.SALES,), code, Reach.OWN),
        Person(f"{place}.sales2", colleague, (roles.SALES,), code, Reach.OWN),
        Person(f"{place}.servicing", servicing, (roles.SERVICING,), code, Reach.BRANCH),
    ]


TEAM = (
    *_at_branch("HZ01", "顾文博", "林晓舟", "苏可欣", "何静宜"),
    *_at_branch("NB01", "卢启明", "方子涵", "施雨桐", "俞佳宁"),
    *_at_branch("SZ01", "邓国栋", "黎家豪", "麦思敏", "区志远"),
    Person("region.east", "沈立峰", (roles.REGIONAL_MGR,), "HZ01", Reach.REGION),
    Person("channel", "严嘉木", (roles.CHANNEL_MGR,), "", Reach.ALL),
    Person("risk.officer", "陶知远", (roles.RISK_OFFICER, roles.APPRAISER), "", Reach.ALL),
    Person("reviewer", "陈思齐", (roles.REVIEWER,), "", Reach.ALL),
    Person("reviewer2", "姜书衡", (roles.REVIEWER,), "", Reach.ALL),
    Person("approver", "贺承志", (roles.APPROVER,), "", Reach.ALL),
    Person("collateral", "白若溪", (roles.COLLATERAL_OPS,), "", Reach.ALL),
    Person("funding", "秦朗", (roles.FUNDING,), "", Reach.ALL),
    Person("funding2", "钟怡然", (roles.FUNDING,), "", Reach.ALL),
    Person("finance", "钱雅文", (roles.FINANCE,), "", Reach.ALL),
    Person("finance2", "孟昭阳", (roles.FINANCE,), "", Reach.ALL),
    Person("risk.manager", "尹博雅", (roles.RISK_MANAGER, roles.RECOVERY), "", Reach.ALL),
    Person("collection", "赵启航", (roles.COLLECTION_SUPERVISOR, roles.COLLECTOR), "", Reach.ALL),
    Person("audit", "吴清源", (roles.AUDITOR, roles.COMPLIANCE), "", Reach.ALL),
    Person("admin", "管维", (roles.ADMIN,), "", Reach.ALL),
    Person("admin2", "童欣", (roles.ADMIN,), "", Reach.ALL),
)


def settle_in(at: datetime) -> Iterator[User]:
    """Open the branches and take everybody on, each with a bound authenticator; yields them one by one for a bar.

    Nobody has a password: demo people sign in by a click. Doing it twice changes nothing.
    """
    if User.objects.filter(is_demo=True).exists():
        return
    for code, name in REGIONS:
        create_region(code=code, name=name, by=SYSTEM)
    for code, name, region_code, city in BRANCHES:
        create_branch(code=code, name=name, region_code=region_code, city=city, by=SYSTEM)
    places = {branch.code: branch for branch in Branch.objects.all()}
    for person in TEAM:
        user = steps.add_person(
            username=person.username, name=person.name, branch=places.get(person.branch), roles=person.roles,
            password=None, at=at, reach=person.reach, is_demo=True,
        )
        yield user
