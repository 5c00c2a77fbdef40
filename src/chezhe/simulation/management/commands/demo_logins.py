"""List who can be signed in as with one click."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from chezhe.kernel import roles
from chezhe.simulation import people


class Command(BaseCommand):
    help = "The demo's people, a line each: user name, name, branch, roles."

    def handle(self, *args: Any, **options: Any) -> None:
        for person in people.TEAM:
            held = "、".join(str(roles.LABELS[role]) for role in person.roles)
            self.stdout.write(f"  {person.username:<16}{person.name:<6}{person.branch or '总部':<6}{held}")
