"""The worker's doors of this room."""

from chezhe.contracts.tasks import lane, printing, signing, terms  # noqa: F401
