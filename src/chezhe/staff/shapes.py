"""What the staff room says and hears over REST."""

from datetime import date, datetime

from pydantic import Field

from chezhe.kernel.actor import Reach
from chezhe.kernel.rest import Day, Flag, In, Out, Text, Whole
from chezhe.staff.models import AccessChange, ApiToken, Branch, Delegation, RoleGrant, User


class MeOut(Out):
    username: str
    name: str
    roles: list[str]
    permissions: list[str]
    reach: str
    branch: str | None
    on_behalf_of: str | None


class GrantOut(Out):
    id: int
    role: str
    reach: str
    branch: str | None
    region: str | None
    starts_on: date
    ends_on: date | None


class UserOut(Out):
    username: str
    name: str
    branch: str | None
    is_active: bool
    has_second_factor: bool
    grants: list[GrantOut]


class UserPage(Out):
    items: list[UserOut]
    next_cursor: str | None = None


class SecretOut(Out):
    """`secret` is shown this once; it counts only after `change_number` is agreed, when that is given."""

    username: str
    secret: str
    change_number: str | None = None


class UserIn(In):
    username: str = Field(max_length=40)
    name: str = Field(max_length=40)
    branch: Text[20] = ""


class ReasonIn(In):
    reason: str = Field(min_length=1, max_length=200)


class ResetIn(ReasonIn):
    with_second_factor: Flag = False


class GrantIn(ReasonIn):
    role: Text[40]
    reach: Reach
    branch: Text[20] = ""
    region: Text[20] = ""
    starts_on: Day
    ends_on: Day | None = None


class PermissionsIn(ReasonIn):
    permissions: list[str]


class ChangeOut(Out):
    number: str
    kind: str
    role: str
    username: str | None
    status: str
    request_number: str


class RegionOut(Out):
    code: str
    name: str


class RegionIn(In):
    code: Text[12]
    name: str = Field(min_length=1, max_length=40)


class BranchOut(Out):
    code: str
    name: str
    region: str
    city: str
    is_open: bool


class BranchIn(In):
    code: Text[12]
    name: str = Field(min_length=1, max_length=40)
    region: Text[20]
    city: str = Field(default="", max_length=40)


class DelegationOut(Out):
    id: int
    delegator: str
    delegate: str
    roles: list[str]
    starts_on: date
    ends_on: date
    is_ended: bool


class DelegationIn(ReasonIn):
    delegate: Text[40]
    roles: list[str]
    starts_on: Day
    ends_on: Day


class TokenOut(Out):
    id: int
    label: str
    hint: str
    scopes: list[str]
    expires_at: datetime
    last_used_at: datetime | None


class TokenIn(In):
    label: Text[60]
    scopes: list[str]
    days: Whole = 90


class IssuedTokenOut(TokenOut):
    """`token` is shown this once."""

    token: str


class RoleOut(Out):
    role: str
    label: str
    permissions: list[str]


class SessionOut(Out):
    id: int
    signed_in_at: datetime
    last_seen_at: datetime
    user_agent: str


class CodeIn(In):
    code: str = Field(max_length=20)


class StepUpOut(Out):
    stepped_up_at: datetime


def grant_out(row: RoleGrant) -> GrantOut:
    return GrantOut(
        id=row.pk, role=row.role, reach=row.reach, branch=row.branch.code if row.branch else None,
        region=row.region.code if row.region else None, starts_on=row.starts_on, ends_on=row.ends_on,
    )


def user_out(row: User) -> UserOut:
    return UserOut(
        username=row.username, name=row.name, branch=row.branch.code if row.branch else None, is_active=row.is_active,
        has_second_factor=hasattr(row, "second_factor"), grants=[grant_out(g) for g in row.grants_now],  # type: ignore[attr-defined]
    )


def change_out(row: AccessChange) -> ChangeOut:
    return ChangeOut(
        number=row.number, kind=row.kind, role=row.role, username=row.user.username if row.user else None, status=row.status,
        request_number=row.request_number,
    )


def delegation_out(row: Delegation) -> DelegationOut:
    return DelegationOut(
        id=row.pk, delegator=row.delegator.username, delegate=row.delegate.username, roles=row.roles,
        starts_on=row.starts_on, ends_on=row.ends_on, is_ended=row.ended_at is not None,
    )


def token_facts(row: ApiToken) -> dict[str, object]:
    return {"id": row.pk, "label": row.label, "hint": row.hint, "scopes": row.scopes, "expires_at": row.expires_at,
            "last_used_at": row.last_used_at}


def branch_out(row: Branch) -> BranchOut:
    return BranchOut(code=row.code, name=row.name, region=row.region.code, city=row.city, is_open=row.is_open)
