"""People and rights over REST: `/api/v1/staff/…`."""

from django.http import HttpRequest
from ninja import Router, Status

from chezhe.kernel import clock, roles
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Page, page_of, page_of_list
from chezhe.staff import entry, permissions, queries, tokens
from chezhe.staff.actions.change_role_permissions import change_role_permissions
from chezhe.staff.actions.create_branch import create_branch
from chezhe.staff.actions.create_region import create_region
from chezhe.staff.actions.create_user import create_user
from chezhe.staff.actions.delegate import delegate
from chezhe.staff.actions.disable_user import disable_user
from chezhe.staff.actions.enable_user import enable_user
from chezhe.staff.actions.end_delegation import end_delegation
from chezhe.staff.actions.end_session import end_session
from chezhe.staff.actions.grant_role import Place, grant_role
from chezhe.staff.actions.issue_token import issue_token
from chezhe.staff.actions.reset_credentials import reset_credentials
from chezhe.staff.actions.revoke_role import revoke_role
from chezhe.staff.actions.revoke_token import revoke_token
from chezhe.staff.actions.withdraw_access_change import withdraw_access_change
from chezhe.staff.models import AccessChange, Branch, Region, StaffSession, User
from chezhe.staff.shapes import (
    BranchIn,
    BranchOut,
    ChangeOut,
    CodeIn,
    DelegationIn,
    DelegationOut,
    GrantIn,
    GrantOut,
    IssuedTokenOut,
    MeOut,
    PermissionsIn,
    ReasonIn,
    RegionIn,
    RegionOut,
    ResetIn,
    RoleOut,
    SecretOut,
    SessionOut,
    StepUpOut,
    TokenIn,
    TokenOut,
    UserIn,
    UserOut,
    UserPage,
    branch_out,
    change_out,
    delegation_out,
    grant_out,
    token_facts,
    user_out,
)

router = Router()


@router.get("/me", response=MeOut, summary="Who I am and what I may do")
@needs(None)
def me(request: HttpRequest) -> MeOut:
    actor = request.actor
    people = User.objects.select_related("branch").in_bulk([i for i in (actor.user_id, actor.on_behalf_of_id) if i])
    user, principal = people[actor.user_id], people.get(actor.on_behalf_of_id)
    return MeOut(
        username=user.username, name=user.name, roles=sorted(actor.roles), permissions=sorted(actor.permissions),
        reach=actor.reach.value, branch=user.branch.code if user.branch else None,
        on_behalf_of=principal.username if principal else None,
    )


@router.put("/step-up", response=StepUpOut, summary="Prove the second factor, for ten minutes of money actions")
@needs(None)
def step_up(request: HttpRequest, payload: CodeIn) -> StepUpOut:
    """A PUT, because a wrong code must stay counted: a POST here stands in a transaction that a refusal undoes."""
    at = clock.now()
    entry.step_up(request, payload.code, at)
    return StepUpOut(stepped_up_at=at)


@router.get("/users", response=UserPage, summary="People within reach")
@needs(permissions.VIEW)
def users(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, object]:
    rows = queries.people_for_list(User.objects.visible_to(request.actor), clock.today()).select_related("branch", "second_factor")
    return page_of(rows, cursor, limit, user_out)


@router.post("/users", response={201: SecretOut}, summary="Take a person on")
@needs(permissions.MANAGE_PEOPLE)
def user_create(request: HttpRequest, payload: UserIn) -> Status[SecretOut]:
    new = create_user(username=payload.username, name=payload.name, branch_code=payload.branch, by=request.actor)
    return Status(201, SecretOut(username=new.user.username, secret=new.secret))


@router.get("/users/{username}", response=UserOut, summary="One person")
@needs(permissions.VIEW)
def user_read(request: HttpRequest, username: str) -> UserOut:
    return _read_user(request, username)


def _read_user(request: HttpRequest, username: str) -> UserOut:
    rows = queries.people_for_list(User.objects.visible_to(request.actor), clock.today())
    return user_out(rows.select_related("branch", "second_factor").fetch(username))


@router.post("/users/{username}/disable", response=UserOut, summary="Switch a person off at once")
@needs(permissions.MANAGE_PEOPLE)
def user_disable(request: HttpRequest, username: str, payload: ReasonIn) -> UserOut:
    disable_user(username=username, reason=payload.reason, by=request.actor)
    return _read_user(request, username)


@router.post("/users/{username}/enable", response=UserOut, summary="Take a person back")
@needs(permissions.MANAGE_PEOPLE)
def user_enable(request: HttpRequest, username: str) -> UserOut:
    enable_user(username=username, by=request.actor)
    return _read_user(request, username)


@router.post("/users/{username}/reset", response=SecretOut, summary="A new one-time password")
@needs(permissions.MANAGE_PEOPLE)
def user_reset(request: HttpRequest, username: str, payload: ResetIn) -> SecretOut:
    reset = reset_credentials(
        username=username, reason=payload.reason, with_second_factor=payload.with_second_factor, by=request.actor
    )
    return SecretOut(username=username, secret=reset.secret, change_number=reset.change.number if reset.change else None)


@router.post("/users/{username}/grants", response={201: ChangeOut}, summary="Propose a role for a person")
@needs(permissions.GRANT_ROLES)
def grant_create(request: HttpRequest, username: str, payload: GrantIn) -> Status[ChangeOut]:
    change = grant_role(
        username=username, role=payload.role, place=Place(payload.reach, payload.branch, payload.region),
        starts_on=payload.starts_on, ends_on=payload.ends_on, reason=payload.reason, by=request.actor,
    )
    return Status(201, change_out(change))


@router.post("/grants/{grant_id}/revoke", response=GrantOut, summary="Take a role away today")
@needs(permissions.GRANT_ROLES)
def grant_revoke(request: HttpRequest, grant_id: int, payload: ReasonIn) -> GrantOut:
    return grant_out(revoke_role(grant_id=grant_id, reason=payload.reason, by=request.actor))


@router.get("/access-changes", response=Page[ChangeOut], summary="Proposed and settled changes of rights, newest first")
@needs(permissions.VIEW)
def changes(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, object]:
    return page_of(AccessChange.objects.visible_to(request.actor).select_related("user"), cursor, limit, change_out)


@router.get("/access-changes/{number}", response=ChangeOut, summary="One proposed change of rights")
@needs(permissions.VIEW)
def change_read(request: HttpRequest, number: str) -> ChangeOut:
    return change_out(AccessChange.objects.visible_to(request.actor).select_related("user").fetch(number))


@router.post("/access-changes/{number}/withdraw", response=ChangeOut, summary="Take a proposal back")
@needs(permissions.GRANT_ROLES)
def change_withdraw(request: HttpRequest, number: str) -> ChangeOut:
    return change_out(withdraw_access_change(change_number=number, by=request.actor))


@router.get("/roles", response=list[RoleOut], summary="The roles and what each may do now")
@needs(permissions.VIEW_MATRIX)
def role_list(request: HttpRequest) -> list[RoleOut]:
    return [
        RoleOut(role=role, label=str(label), permissions=sorted(queries.permissions_of(frozenset([role]))))
        for role, label in roles.LABELS.items()
    ]


@router.post("/roles/{role}/permissions", response={201: ChangeOut}, summary="Propose what a role may do")
@needs(permissions.CHANGE_ROLE_PERMISSIONS)
def role_permissions(request: HttpRequest, role: str, payload: PermissionsIn) -> Status[ChangeOut]:
    return Status(201, change_out(
        change_role_permissions(role=role, wanted=payload.permissions, reason=payload.reason, by=request.actor)
    ))


@router.get("/regions", response=Page[RegionOut], summary="Regions")
@needs(permissions.VIEW)
def regions(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, object]:
    return page_of(Region.objects.all(), cursor, limit, RegionOut.from_orm)


@router.post("/regions", response={201: RegionOut}, summary="Add a region")
@needs(permissions.MANAGE_PLACES)
def region_create(request: HttpRequest, payload: RegionIn) -> Status[Region]:
    return Status(201, create_region(code=payload.code, name=payload.name, by=request.actor))


@router.get("/branches", response=Page[BranchOut], summary="Branches within reach")
@needs(permissions.VIEW)
def branches(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, object]:
    return page_of(Branch.objects.visible_to(request.actor).select_related("region"), cursor, limit, branch_out)


@router.post("/branches", response={201: BranchOut}, summary="Open a branch")
@needs(permissions.MANAGE_PLACES)
def branch_create(request: HttpRequest, payload: BranchIn) -> Status[BranchOut]:
    return Status(201, branch_out(
        create_branch(code=payload.code, name=payload.name, region_code=payload.region, city=payload.city, by=request.actor)
    ))


@router.get("/delegations", response=Page[DelegationOut], summary="Delegations I gave or took")
@needs(permissions.DELEGATE)
def delegations(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, object]:
    return page_of(queries.delegations_around(request.actor), cursor, limit, delegation_out)


@router.post("/delegations", response={201: DelegationOut}, summary="Let a colleague act for me")
@needs(permissions.DELEGATE)
def delegation_create(request: HttpRequest, payload: DelegationIn) -> Status[DelegationOut]:
    row = delegate(
        delegate_username=payload.delegate, role_ids=payload.roles, starts_on=payload.starts_on, ends_on=payload.ends_on,
        reason=payload.reason, by=request.actor,
    )
    return Status(201, delegation_out(row))


@router.post("/delegations/{delegation_id}/end", response=DelegationOut, summary="End a delegation now")
@needs(permissions.DELEGATE)
def delegation_end(request: HttpRequest, delegation_id: int) -> DelegationOut:
    return delegation_out(end_delegation(delegation_id=delegation_id, by=request.actor))


@router.get("/tokens", response=Page[TokenOut], summary="My tokens that work")
@needs(permissions.OWN_ACCOUNT)
def token_list(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, object]:
    return page_of_list(tokens.of(request.actor.user_id, clock.now()), cursor, limit, token_facts)


@router.post("/tokens", response={201: IssuedTokenOut}, summary="Make a token; it is shown this once")
@needs(permissions.OWN_ACCOUNT)
def token_create(request: HttpRequest, payload: TokenIn) -> Status[IssuedTokenOut]:
    issued = issue_token(label=payload.label, scopes=payload.scopes, days=payload.days, by=request.actor)
    return Status(201, IssuedTokenOut(**token_facts(issued.row), token=issued.secret))


@router.post("/tokens/{token_id}/revoke", response=TokenOut, summary="Make a token useless")
@needs(permissions.OWN_ACCOUNT)
def token_revoke(request: HttpRequest, token_id: int) -> dict[str, object]:
    return token_facts(revoke_token(token_id=token_id, by=request.actor))


@router.get("/sessions", response=Page[SessionOut], summary="Where I am signed in")
@needs(permissions.OWN_ACCOUNT)
def session_list(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, object]:
    return page_of(queries.open_sessions(request.actor.user_id), cursor, limit, SessionOut.from_orm)


@router.post("/sessions/{session_id}/end", response=SessionOut, summary="Sign out somewhere")
@needs(permissions.OWN_ACCOUNT)
def session_end(request: HttpRequest, session_id: int) -> StaffSession:
    return end_session(session_id=session_id, by=request.actor)
