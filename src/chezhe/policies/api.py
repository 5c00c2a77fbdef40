"""Decision tables over REST."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router, UploadedFile

from chezhe.decisiontables.values import TableError
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Day, In, Out, Page, Text, page_of
from chezhe.policies import comparing, judging, permissions, queries, reading, trying, wording
from chezhe.policies.actions.cancel_version import cancel_version
from chezhe.policies.actions.discard_version import discard_version
from chezhe.policies.actions.draft_version import draft_version
from chezhe.policies.actions.edit_version import edit_version
from chezhe.policies.actions.import_table import import_table
from chezhe.policies.actions.publish_version import publish_version
from chezhe.policies.actions.rebase_version import rebase_version
from chezhe.policies.actions.return_version import return_version
from chezhe.policies.actions.roll_back_policy import roll_back_policy
from chezhe.policies.actions.submit_version import submit_version
from chezhe.policies.models import Policy, PolicyVersion

router = Router()


class PolicyOut(Out):
    code: str
    name: str
    english: str
    purpose: str
    current_version: str | None


class ColumnPart(In):
    name: Text[64]
    type: Text[12]
    title: Text[200] = ""
    values: list[Text[500]] = []
    unit: Text[200] = ""


class RulePart(In):
    when: list[Text[500]]
    then: list[Text[500]]
    note: Text[500] = ""


class TablePart(In):
    name: Text[200]
    hit_policy: Text[16]
    inputs: list[ColumnPart]
    outputs: list[ColumnPart]
    rules: list[RulePart]


class FindingOut(Out):
    severity: str
    row: int | None
    column: str
    sentence: str
    example: str


class VersionOut(Out):
    number: str
    policy: str
    version: int
    status: str
    standing: str
    effective_from: date
    content_hash: str
    base: str | None
    restores: str | None
    note: str
    drafted_by: str
    published_by: str
    published_at: datetime | None
    approval_number: str
    faults: int


class VersionWholeOut(VersionOut):
    table: TablePart
    findings: list[FindingOut]


class DraftIn(In):
    from_version: Text[40] = ""


class EditIn(In):
    table: TablePart
    effective_from: Day
    note: Text[1000] = ""
    based_on: Text[64] = ""


class LintIn(In):
    table: TablePart


class OpinionIn(In):
    opinion: Text[500] = ""


class PublishIn(In):
    effective_from: Day
    opinion: Text[500] = ""


class ReasonIn(In):
    reason: Text[1000]


class RollBackIn(In):
    to_version: Text[40]
    reason: Text[1000]


class FactsIn(In):
    facts: dict[str, bool | int | str | None]


class RowOut(Out):
    row: int
    state: str
    because: list[str]


class AnswerOut(Out):
    outcome: str
    outputs: list[dict[str, Any]]
    rows_hit: list[int]
    unknown: list[str]
    rows: list[RowOut]


class ComparisonOut(Out):
    before: str
    after: str
    is_same: bool
    sentences: list[str]


@router.get("/policies", response=Page[PolicyOut], summary="Decision tables with the version in force today")
@needs(permissions.VIEW)
def policies(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    current = queries.all_current(business_date.current())
    return page_of(Policy.objects.all(), cursor, limit, lambda policy: _policy(policy, current.get(policy.code)), newest_first=False)


@router.get("/policies/{code}/current", response=VersionWholeOut, summary="The version in force on a business date")
@needs(permissions.VIEW)
def current(request: HttpRequest, code: str, on: Day | None = None) -> dict[str, Any]:
    return _whole(queries.current(code, on or business_date.current()))


@router.get("/versions", response=Page[VersionOut], summary="Versions of a table, newest first")
@needs(permissions.VIEW)
def versions(request: HttpRequest, policy: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    standing = queries.standings_on(business_date.current())
    return page_of(queries.history(policy), cursor, limit, lambda version: _version(version, standing(version)))


@router.get("/versions/{number}", response=VersionWholeOut, summary="One version with its table and what lint found")
@needs(permissions.VIEW)
def version(request: HttpRequest, number: str) -> dict[str, Any]:
    return _whole(queries.version_called(number))


@router.post("/policies/{code}/versions", response={201: VersionWholeOut}, summary="Draft a new version")
@needs(permissions.EDIT_VERSION)
def draft(request: HttpRequest, code: str, payload: DraftIn) -> tuple[int, dict[str, Any]]:
    return 201, _whole(draft_version(
        policy_code=code, from_number=payload.from_version, business_date=business_date.current(), by=request.actor))


@router.post("/versions/{number}/edit", response=VersionWholeOut, summary="Save a draft; lint errors do not hinder it")
@needs(permissions.EDIT_VERSION)
def edit(request: HttpRequest, number: str, payload: EditIn) -> dict[str, Any]:
    table = reading.table_in_json(payload.table.dict(), queries.version_called(number).policy)
    return _whole(edit_version(
        version_number=number, table=table, effective_from=payload.effective_from, note=payload.note, based_on=payload.based_on,
        by=request.actor,
    ))


@router.post("/versions/{number}/import", response=VersionWholeOut, summary="Replace a draft's table by that of a workbook or JSON file")
@needs(permissions.EDIT_VERSION)
def import_file(request: HttpRequest, number: str, file: File[UploadedFile], based_on: Form[str] = "") -> dict[str, Any]:
    content = file.read(reading.FILE_MAX + 1)
    return _whole(import_table(version_number=number, content=content, based_on=based_on[:64], by=request.actor))


@router.post("/policies/{code}/lint", response=list[FindingOut], summary="What lint and contract say of a table; nothing is kept")
@needs(permissions.EDIT_VERSION)
def lint(request: HttpRequest, code: str, payload: LintIn) -> list[dict[str, Any]]:
    policy = queries.policy_called(code)
    table = reading.table_in_json(payload.table.dict(), policy)
    return [wording.told(policy, table, finding) for finding in judging.judge(policy, table)]


@router.post("/versions/{number}/evaluate", response=AnswerOut, summary="Ask a version: money in fen, rates as text")
@needs(permissions.VIEW)
def evaluate(request: HttpRequest, number: str, payload: FactsIn) -> dict[str, Any]:
    found = queries.version_called(number)
    try:
        return _answer(trying.ask(found, trying.facts_of(found.table, payload.facts)))
    except TableError as problem:
        raise reading.TableUnreadable("number", problem) from None


@router.get("/versions/{number}/compare", response=ComparisonOut, summary="What a version changes against another, in words")
@needs(permissions.VIEW)
def compare(request: HttpRequest, number: str, against: str) -> dict[str, Any]:
    before, after = queries.version_called(against), queries.version_called(number)
    found = comparing.compare(before, after)
    return {"before": before.number, "after": after.number, "is_same": found.is_same, "sentences": list(found.sentences)}


@router.post("/versions/{number}/submit", response=VersionOut, summary="Submit a sound draft for publication")
@needs(permissions.EDIT_VERSION)
def submit(request: HttpRequest, number: str) -> dict[str, Any]:
    return _brief(submit_version(version_number=number, business_date=business_date.current(), by=request.actor))


@router.post("/versions/{number}/publish", response=VersionOut, summary="Publish a submitted version, as a second person")
@needs(permissions.PUBLISH_VERSION)
def publish(request: HttpRequest, number: str, payload: PublishIn) -> dict[str, Any]:
    return _brief(publish_version(
        version_number=number, effective_from=payload.effective_from, opinion=payload.opinion, business_date=business_date.current(),
        by=request.actor,
    ))


@router.post("/versions/{number}/return", response=VersionOut, summary="Return a submitted version to its draft")
@needs(permissions.PUBLISH_VERSION)
def send_back(request: HttpRequest, number: str, payload: OpinionIn) -> dict[str, Any]:
    return _brief(return_version(version_number=number, opinion=payload.opinion, by=request.actor))


@router.post("/versions/{number}/discard", response=VersionOut, summary="Discard a draft")
@needs(permissions.EDIT_VERSION)
def discard(request: HttpRequest, number: str, payload: OpinionIn) -> dict[str, Any]:
    return _brief(discard_version(version_number=number, reason=payload.opinion, by=request.actor))


@router.post("/versions/{number}/rebase", response=VersionOut, summary="Base a draft on the version published last, having compared")
@needs(permissions.EDIT_VERSION)
def rebase(request: HttpRequest, number: str) -> dict[str, Any]:
    return _brief(rebase_version(version_number=number, by=request.actor))


@router.post("/versions/{number}/cancel", response=VersionOut, summary="Cancel a published version that has not begun")
@needs(permissions.PUBLISH_VERSION)
def cancel(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _brief(cancel_version(
        version_number=number, reason=payload.reason, business_date=business_date.current(), by=request.actor))


@router.post("/policies/{code}/rollback", response={201: VersionOut}, summary="Bring an earlier version back, in force from today")
@needs(permissions.PUBLISH_VERSION)
def roll_back(request: HttpRequest, code: str, payload: RollBackIn) -> tuple[int, dict[str, Any]]:
    return 201, _brief(roll_back_policy(
        policy_code=code, to_number=payload.to_version, reason=payload.reason, business_date=business_date.current(), by=request.actor))


def _policy(policy: Policy, version: PolicyVersion | None) -> dict[str, Any]:
    return {
        "code": policy.code, "name": policy.name, "english": policy.english, "purpose": policy.meaning,
        "current_version": version.number if version else None,
    }


def _brief(version: PolicyVersion) -> dict[str, Any]:
    return _version(version, queries.standings_on(business_date.current())(version))


def _version(version: PolicyVersion, standing: str) -> dict[str, Any]:
    return {
        "number": version.number, "policy": version.policy.code, "version": version.version, "status": version.status,
        "standing": standing, "effective_from": version.effective_from, "content_hash": version.content_hash,
        "base": version.base.number if version.base else None, "restores": version.restores.number if version.restores else None,
        "note": version.note, "drafted_by": version.drafted_by_name, "published_by": version.published_by_name,
        "published_at": version.published_at, "approval_number": version.approval_number,
        "faults": sum(1 for finding in version.findings if finding["severity"] == judging.ERROR),
    }


def _whole(version: PolicyVersion) -> dict[str, Any]:
    told = [wording.told(version.policy, version.table, finding) for finding in judging.from_json(version.findings)]
    return {**_brief(version), "table": version.content, "findings": told}


def _answer(tried: trying.Tried) -> dict[str, Any]:
    result = tried.result
    outputs = result.outputs if isinstance(result.outputs, list) else [result.outputs] if result.outputs else []
    return {
        "outcome": str(result.outcome), "outputs": [{name: _wire(value) for name, value in row.items()} for row in outputs],
        "rows_hit": list(result.rows_hit), "unknown": list(result.unknown),
        "rows": [
            {"row": line.number, "state": line.state, "because": [f"{one.heading} {one.words}: {one.found}" for one in line.because]}
            for line in tried.lines
        ],
    }


def _wire(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)
