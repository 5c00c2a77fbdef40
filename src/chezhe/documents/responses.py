"""How a stored file leaves the house."""

from __future__ import annotations

from django.http import HttpResponse

from chezhe.documents.models import StoredFile

# A file is data, whatever a browser thinks it sees in it.
_FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"


def file_response(file: StoredFile, data: bytes, *, disposition: str) -> HttpResponse:
    """Bytes with every header that keeps them from becoming a page of ours."""
    response = HttpResponse(data, content_type=file.content_type)
    response["Content-Disposition"] = f'{disposition}; filename="{file.download_name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _FILE_POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
