"""What is done with a request besides voting."""

from typing import Literal

from django.http import HttpRequest
from pydantic import Field

from chezhe.approvals import permissions
from chezhe.approvals.actions.add_signer import add_signer
from chezhe.approvals.actions.claim_request import claim_request
from chezhe.approvals.actions.copy_request import copy_request
from chezhe.approvals.actions.pause_request import pause_request
from chezhe.approvals.actions.read_copy import read_copy
from chezhe.approvals.actions.recuse_person import recuse_person
from chezhe.approvals.actions.release_request import release_request
from chezhe.approvals.actions.reroute_request import reroute_request
from chezhe.approvals.actions.resume_request import resume_request
from chezhe.approvals.actions.transfer_request import transfer_request
from chezhe.approvals.actions.urge_request import urge_request
from chezhe.approvals.api.requests import RequestOut, out, router
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import In


class ToColleagueIn(In):
    username: str = Field(max_length=40)
    reason: str = Field(max_length=200)


class SignerIn(ToColleagueIn):
    place: Literal["before", "after"]


class CopyIn(In):
    username: str = Field(max_length=40)
    words: str = Field(default="", max_length=200)


class RecuseIn(In):
    username: str = Field(default="", max_length=40)
    reason: str = Field(max_length=200)
    replacement: str = Field(default="", max_length=40)


class PauseIn(In):
    why: Literal["customer", "outside", "visit", "system"]
    reason: str = Field(max_length=200)


@router.post("/requests/{number}/claim", response=RequestOut, summary="Take it into one's own hands")
@needs(permissions.HANDLE)
def claim(request: HttpRequest, number: str) -> RequestOut:
    return out(claim_request(request_number=number, by=request.actor))


@router.post("/requests/{number}/release", response=RequestOut, summary="Let go of what one has claimed")
@needs(permissions.HANDLE)
def release(request: HttpRequest, number: str) -> RequestOut:
    return out(release_request(request_number=number, by=request.actor))


@router.post("/requests/{number}/transfer", response=RequestOut, summary="Hand it on to a colleague who could vote")
@needs(permissions.HANDLE)
def transfer(request: HttpRequest, number: str, payload: ToColleagueIn) -> RequestOut:
    return out(transfer_request(request_number=number, username=payload.username, reason=payload.reason, by=request.actor))


@router.post("/requests/{number}/signers", response=RequestOut, summary="Let one more colleague sign, before or after")
@needs(permissions.HANDLE)
def sign(request: HttpRequest, number: str, payload: SignerIn) -> RequestOut:
    return out(add_signer(
        request_number=number, username=payload.username, place=payload.place, reason=payload.reason, by=request.actor))


@router.post("/requests/{number}/copies", response=RequestOut, summary="Let a colleague know of it")
@needs(permissions.COPY)
def copy(request: HttpRequest, number: str, payload: CopyIn) -> RequestOut:
    return out(copy_request(request_number=number, username=payload.username, words=payload.words, by=request.actor))


@router.post("/requests/{number}/read", response=RequestOut, summary="What was copied to me has been read")
@needs(permissions.COPY)
def read(request: HttpRequest, number: str) -> RequestOut:
    return out(read_copy(request_number=number, by=request.actor))


@router.post("/requests/{number}/urge", response=RequestOut, summary="Urge whoever is to vote")
@needs(permissions.URGE)
def urge(request: HttpRequest, number: str) -> RequestOut:
    return out(urge_request(request_number=number, by=request.actor))


@router.post("/requests/{number}/pause", response=RequestOut, summary="Let the time limit stand")
@needs(permissions.HANDLE)
def pause(request: HttpRequest, number: str, payload: PauseIn) -> RequestOut:
    return out(pause_request(request_number=number, why=payload.why, reason=payload.reason, by=request.actor))


@router.post("/requests/{number}/resume", response=RequestOut, summary="Let the time limit go on")
@needs(permissions.HANDLE)
def resume(request: HttpRequest, number: str) -> RequestOut:
    return out(resume_request(request_number=number, by=request.actor))


@router.post("/requests/{number}/recuse", response=RequestOut, summary="Step back, or let a colleague step back")
@needs(permissions.HANDLE)
def recuse(request: HttpRequest, number: str, payload: RecuseIn) -> RequestOut:
    return out(recuse_person(
        request_number=number, username=payload.username, reason=payload.reason, replacement=payload.replacement, by=request.actor))


@router.post("/requests/{number}/reroute", response=RequestOut, summary="Name somebody who may vote where nobody is left")
@needs(permissions.REROUTE)
def reroute(request: HttpRequest, number: str, payload: ToColleagueIn) -> RequestOut:
    return out(reroute_request(request_number=number, username=payload.username, reason=payload.reason, by=request.actor))
