"""The worker's doors of this room."""

from chezhe.contracts.tasks import signing  # noqa: F401
