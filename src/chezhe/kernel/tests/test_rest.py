"""What the API writes is the same whether it was just made or read back."""

import json
from datetime import UTC, datetime

from django.http import HttpRequest

from chezhe.kernel import clock
from chezhe.kernel.rest import Renderer


def test_a_moment_is_told_in_one_time() -> None:
    read_back = datetime(2026, 3, 16, 2, 0, 0, 250_000, tzinfo=UTC)
    just_made = read_back.astimezone(clock.SHANGHAI)
    said = json.loads(Renderer().render(HttpRequest(), {"a": read_back, "b": just_made, "day": just_made.date()}, response_status=200))
    assert said == {"a": "2026-03-16T10:00:00.250+08:00", "b": "2026-03-16T10:00:00.250+08:00", "day": "2026-03-16"}
