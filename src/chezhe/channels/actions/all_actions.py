"""Every action of the room, so that the registries are full at start-up."""

from chezhe.channels.actions import create_dealer, edit_dealer, exit_dealer, resume_dealer, suspend_dealer  # noqa: F401
