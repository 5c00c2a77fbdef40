"""Where the provider of signatures and the makers of devices call back. Signed, idempotent, quick."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chezhe.contracts.actions.accept_signing_notice import accept_signing_notice
from chezhe.contracts.actions.record_first_fix import record_first_fix
from chezhe.contracts.collateral import fitting
from chezhe.contracts.vendors.esign import client
from chezhe.kernel import outside
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import BusinessError


@csrf_exempt
@require_POST
def esign(request: HttpRequest) -> HttpResponse:
    """A signature is ready, or will never be. The provider's HMAC is the key to this door."""
    try:
        notice = client.read_notice(outside.read_callback(client.SERVICE, request))
        accept_signing_notice(notice=notice, by=SYSTEM)
    except ValueError:
        return JsonResponse({"code": "callback_unreadable"}, status=400)
    except BusinessError as refusal:
        return JsonResponse({"code": refusal.code}, status=refusal.http_status)
    return JsonResponse({"code": "OK"})


@csrf_exempt
@require_POST
def gps(request: HttpRequest) -> HttpResponse:
    """A device was located for the first time. Its maker's HMAC is the key to this door; told again it changes nothing."""
    try:
        said = outside.read_callback(fitting.SERVICE, request)
        record_first_fix(device_number=str(said["device_number"]), fixed_at=fitting.moment_of(said["fixed_at"]), by=SYSTEM)
    except (KeyError, TypeError, ValueError):
        return JsonResponse({"code": "callback_unreadable"}, status=400)
    except BusinessError as refusal:
        return JsonResponse({"code": refusal.code}, status=refusal.http_status)
    return JsonResponse({"code": "OK"})
