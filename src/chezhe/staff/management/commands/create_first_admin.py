"""The first administrator of an empty installation."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chezhe.kernel import audit, clock, roles
from chezhe.kernel.actor import SYSTEM
from chezhe.staff import passwords, queries, steps
from chezhe.staff.models import User


class Command(BaseCommand):
    """Prints a secret that works for one sign-in: the password is then changed and an authenticator bound."""

    help = "Create the first administrator and print a one-time password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", default="admin")
        parser.add_argument("--name", default="管理员")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses when an administrator exists: further ones are granted in the pages, by two people."""
        at = clock.now()
        if queries.administrators(clock.today()).exists():
            raise CommandError(_("已有管理员，请在“人员”页面授予角色。"))
        if User.objects.filter(username=options["username"].strip().lower()).exists():
            raise CommandError(_("用户名 %(name)s 已被使用，请换一个。") % {"name": options["username"]})
        secret = passwords.one_time_secret()
        user = steps.add_person(
            username=options["username"], name=options["name"], branch=None, roles=[roles.ADMIN], password=secret, at=at,
            must_change_password=True,
        )
        audit.record(by=SYSTEM, verb="staff.create_first_admin", subject=user.subject)
        sys.stdout.write(f"{user.username}\n{secret}\n")
