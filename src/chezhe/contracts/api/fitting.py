"""Devices and insurance over REST."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, UploadedFile

from chezhe.contracts import permissions, queries
from chezhe.contracts.actions.order_gps import order_gps
from chezhe.contracts.actions.record_first_fix import record_first_fix
from chezhe.contracts.actions.record_policy import record_policy
from chezhe.contracts.actions.replace_gps_device import replace_gps_device
from chezhe.contracts.api.contracts import router
from chezhe.contracts.collateral import fitting, insuring
from chezhe.contracts.collateral.fitting import Replacement
from chezhe.contracts.collateral.fitting_models import GpsDevice, GpsOrder, InsurancePolicy
from chezhe.contracts.collateral.insuring import Policy
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Amount, Day, In, Out, Page, Text, Yuan, page_of, page_of_list


class GpsDeviceOut(Out):
    """`first_fix_at` is null until the device told where it is."""

    device_number: str
    contract_number: str
    installer: str
    installed_on: date
    first_fix_at: datetime | None
    first_fix_source: str


class GpsOrderOut(Out):
    number: str
    status: str
    contract_number: str
    installer: str
    appointed_on: date


class GpsOrderIn(In):
    installer: Text[60]
    appointed_on: Day


class FirstFixIn(In):
    fixed_at: datetime


class ReplaceDeviceIn(In):
    device_number: Text[40]
    installer: Text[60]
    installed_on: Day
    reason: Text[200]


class InsurancePolicyOut(Out):
    vehicle_number: str
    insurer: str
    policy_number: str
    beneficiary: str
    valid_from: date
    valid_to: date
    amount: Yuan
    document_id: str


@router.get("/gps-devices", response=Page[GpsDeviceOut], summary="Devices in cars; `waiting` for those without a first fix")
@needs(permissions.VIEW_COLLATERAL)
def devices(request: HttpRequest, waiting: bool = False, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = fitting.devices(request.actor)
    return page_of(rows.filter(first_fix_at__isnull=True) if waiting else rows, cursor, limit, _device)


@router.get("/contracts/{number}/gps-devices", response=Page[GpsDeviceOut], summary="The devices in a contract's car")
@needs(permissions.VIEW_COLLATERAL)
def of_contract(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of_list(fitting.of_contract(queries.contract(number, request.actor)), cursor, limit, _device)


@router.post("/contracts/{number}/gps-orders", response={201: GpsOrderOut}, summary="Order the fitting of devices")
@needs(permissions.CONFIRM_GPS)
def order(request: HttpRequest, number: str, payload: GpsOrderIn) -> tuple[int, dict[str, Any]]:
    return 201, _order(order_gps(contract_number=number, **payload.dict(), business_date=business_date.current(), by=request.actor))


@router.post("/gps-devices/{device_number}/first-fix", response=GpsDeviceOut, summary="The device told where it is")
@needs(permissions.CONFIRM_GPS)
def fix(request: HttpRequest, device_number: str, payload: FirstFixIn) -> dict[str, Any]:
    return _device(record_first_fix(device_number=device_number, fixed_at=fitting.in_shanghai(payload.fixed_at), by=request.actor))


@router.post("/gps-devices/{device_number}/replace", response=GpsDeviceOut, summary="Replace a device that stays silent")
@needs(permissions.CONFIRM_GPS)
def replace(request: HttpRequest, device_number: str, payload: ReplaceDeviceIn) -> dict[str, Any]:
    other = Replacement(device_number=payload.device_number, installer=payload.installer, installed_on=payload.installed_on)
    return _device(replace_gps_device(
        device_number=device_number, replacement=other, reason=payload.reason, business_date=business_date.current(), by=request.actor))


@router.get("/contracts/{number}/policies", response=Page[InsurancePolicyOut], summary="The policies on a contract's cars")
@needs(permissions.VIEW_COLLATERAL)
def policies(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of_list(insuring.of_contract(queries.contract(number, request.actor)), cursor, limit, _policy)


@router.post("/contracts/{number}/policies", response={201: InsurancePolicyOut}, summary="Record a policy (multipart)")
@needs(permissions.RECORD_POLICY)
def record(
    request: HttpRequest, number: str, insurer: Form[str], policy_number: Form[str], beneficiary: Form[str], valid_from: Form[Day],
    valid_to: Form[Day], amount: Form[Amount], evidence: File[UploadedFile], vehicle_number: Form[str] = "",
) -> tuple[int, dict[str, Any]]:
    said = Policy(insurer=insurer, policy_number=policy_number, beneficiary=beneficiary, valid_from=valid_from, valid_to=valid_to,
                  amount=amount, vehicle_number=vehicle_number)
    return 201, _policy(record_policy(
        contract_number=number, policy=said, evidence=evidence, business_date=business_date.current(), by=request.actor))


def _device(one: GpsDevice) -> dict[str, Any]:
    same = ("device_number", "installer", "installed_on", "first_fix_at", "first_fix_source")
    return {"contract_number": one.contract.number, **{name: getattr(one, name) for name in same}}


def _order(one: GpsOrder) -> dict[str, Any]:
    same = ("number", "status", "installer", "appointed_on")
    return {"contract_number": one.contract.number, **{name: getattr(one, name) for name in same}}


def _policy(one: InsurancePolicy) -> dict[str, Any]:
    same = ("insurer", "policy_number", "beneficiary", "valid_from", "valid_to", "amount")
    return {"vehicle_number": one.vehicle.number, "document_id": str(one.file.key), **{name: getattr(one, name) for name in same}}
