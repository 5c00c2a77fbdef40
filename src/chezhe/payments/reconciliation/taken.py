"""What taking in a settlement file came to."""

from __future__ import annotations

from dataclasses import dataclass

from chezhe.payments.models import ChannelFile


@dataclass(frozen=True, slots=True)
class TakenFile:
    """The file, and how many of its lines were new."""

    file: ChannelFile
    new_lines: int

    @property
    def subject(self) -> str:
        return f"channel_file:{self.file.day.isoformat()}"
