"""Anybody who holds a paper may ask whether it is ours and still counts. No names, no sums."""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from chezhe.contracts import queries
from chezhe.contracts.printing import pressing
from chezhe.kernel import clock
from chezhe.kernel.client_address import client_ip
from chezhe.staff import locks

CODE_MAX = 19


@never_cache
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """What kind of paper a code belongs to, of which day, how many pages with which marks, and whether it counts. A file sent along is
    compared with the one that was printed. Five wrong codes from one place, and it waits."""
    code = (request.POST.get("code") or request.GET.get("code") or "").strip().upper()[:CODE_MAX]
    if not code:
        return render(request, "contracts/verify.html", {"code": ""})
    key = locks.key_of("verify", client_ip(request))
    try:
        locks.spend_attempt(key, clock.now())
    except locks.LockedOut as refusal:
        return render(request, "contracts/verify.html", {"code": code, "refused": str(refusal)}, status=refusal.http_status)
    found = queries.printed_under(code)
    if found is None:
        return render(request, "contracts/verify.html", {"code": code, "is_unknown": True}, status=404)
    locks.forgive(key)
    pages = pressing.marks(found.code)[: found.file.pages or 0]
    context = {"code": code, "paper": found, "counts": queries.counts(found), "marks": list(enumerate(pages, 1)),
               **_compared(request, queries.digests(found))}
    return render(request, "contracts/verify.html", context)


def _compared(request: HttpRequest, kept: set[str]) -> dict[str, Any]:
    """Whether the file that came along is byte for byte what was printed, or signed since; read in pieces and never opened."""
    upload = request.FILES.get("file")
    if upload is None:
        return {}
    if (upload.size or 0) > settings.UPLOAD_BYTES_MAX:
        return {"is_too_large": True, "most": settings.UPLOAD_BYTES_MAX // (1024 * 1024)}
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    return {"was_compared": True, "is_same": digest.hexdigest() in kept}
