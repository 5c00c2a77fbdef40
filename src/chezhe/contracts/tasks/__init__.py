"""The worker's doors of this room."""

from chezhe.contracts.tasks import lane, printing, signing  # noqa: F401
