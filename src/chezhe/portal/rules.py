"""How long and how often: codes, sign-ins, and what the answer is when it has been enough. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

CODE_DIGITS = 6
CODE_LASTS = timedelta(minutes=5)
TRIES_MAX = 5
RESEND_AFTER = timedelta(seconds=60)
# A mobile number, whoever asks; and an address, whatever number it asks for.
PER_HOUR, PER_DAY, PER_HOUR_OF_ADDRESS = 5, 10, 30
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

IDLE_MAX = timedelta(minutes=30)
SESSION_MAX = timedelta(hours=12)
SESSIONS_MAX = 5
PREFIX = "czp_"


def wait_before_code(of_mobile: Sequence[datetime], of_address: Sequence[datetime], at: datetime) -> timedelta:
    """How long to wait until the next code may be asked for; nothing when it may be now.

    `of_mobile` and `of_address` are the moments of earlier ones, of the last day and the last hour, newest first.
    """
    last_hour = [moment for moment in of_mobile if at - moment < HOUR]
    waits = [RESEND_AFTER - (at - moment) for moment in of_mobile[:1]]
    waits += [HOUR - (at - moment) for moment in last_hour[PER_HOUR - 1 : PER_HOUR]]
    waits += [DAY - (at - moment) for moment in of_mobile[PER_DAY - 1 : PER_DAY]]
    waits += [HOUR - (at - moment) for moment in of_address[PER_HOUR_OF_ADDRESS - 1 : PER_HOUR_OF_ADDRESS]]
    return max(waits, default=timedelta()) if waits and max(waits) > timedelta() else timedelta()
