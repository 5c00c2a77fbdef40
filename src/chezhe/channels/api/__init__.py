"""Channels over REST: `/api/v1/channels/…`."""

from chezhe.channels.api import commission  # noqa: F401
from chezhe.channels.api.dealers import router

__all__ = ["router"]
