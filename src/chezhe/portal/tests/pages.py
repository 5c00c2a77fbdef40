"""A customer's phone for the tests of the portal's pages: addresses with handles, forms as the page shows them."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from chezhe.customers.models import Customer
from chezhe.kernel import handles
from chezhe.portal.models import Account
from chezhe.portal.places import PORTALS
from chezhe.portal.tests.outside import account_of, browser_for, token_for

ENGLISH = {"Accept-Language": "en"}


def at(page: str, subject: str = "", *more: str) -> str:
    """The address of a customer's page about a subject."""
    return PORTALS["borrower"].url(page, *([handles.handle_of(subject)] if subject else []), *more)


def phone(customer: Customer, *, stepped_up: bool = False) -> Client:
    return browser_for(account_of(customer), stepped_up=stepped_up)


def proved_for(account: Account, about: str) -> Client:
    """A phone on which the code that was asked for this subject was right a moment ago."""
    client = Client()
    client.cookies[PORTALS[account.kind].cookie] = token_for(account, stepped_up=True)
    account.sessions.update(stepped_up_for=about)
    return client


def text_of(answer: Any) -> str:
    """What the page says, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def field(answer: Any, name: str) -> str:
    """The value of a hidden field."""
    return re.findall(rf'name="{name}" value="([^"]*)"', answer.content.decode())[0]


# Names of things, and the switch of the language itself.
NAMES = {"大众", "帕萨特", "中文", "简", "车辙小额贷款有限公司", "某银行"}


def left_in_chinese(said: str) -> list[str]:
    """The words of an English page that nobody has translated."""
    return [word for word in said.split() if any("\u3400" <= letter <= "\u9fff" for letter in word) and word not in NAMES]


def in_english(client: Client, address: str) -> str:
    """The page as somebody reads it whose phone speaks English."""
    return text_of(client.get(address, headers=ENGLISH))
