"""Where the provider of signatures calls back. Signed, idempotent, quick."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from chezhe.contracts.actions.accept_signing_notice import accept_signing_notice
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
