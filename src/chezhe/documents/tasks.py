"""Upkeep of the vault, run by the worker."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.storage import default_storage

from chezhe.documents import vault
from chezhe.documents.models import StoredFile
from chezhe.kernel import clock
from chezhe.kernel.jobs import job

_YOUNG = timedelta(days=1)  # no upload takes longer: what is older and has no row belongs to nobody


@job("documents.sweep_vault", queue="upkeep", every=timedelta(hours=6))
def sweep_vault() -> int:
    """Erase bytes whose row was rolled back; returns how many."""
    erased = 0
    for folder in _folders():
        keys = [key for name in default_storage.listdir(folder)[1] if (key := _key(name))]
        known = set(StoredFile.objects.filter(key__in=keys).values_list("key", flat=True))
        for key in set(keys) - known:
            if _is_old(key):
                vault.erase(key)
                erased += 1
    return erased


def _folders() -> list[str]:
    try:
        return [name for name in default_storage.listdir("")[0] if len(name) == 2]
    except FileNotFoundError:
        return []


def _key(name: str) -> UUID | None:
    try:
        return UUID(hex=name)
    except ValueError:
        return None


def _is_old(key: UUID) -> bool:
    written: datetime = default_storage.get_modified_time(vault.path_of(key))
    return clock.now() - written > _YOUNG
