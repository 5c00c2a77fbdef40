"""Every page of the house, as somebody with every role sees it: silent, accessible, on the phone, in both languages."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.test import Client

from chezhe.origination.models import Application
from chezhe.servicing.models import Loan
from chezhe.ui.tests.browser import DESK, PHONE, browser_marks
from tests.browser import pages
from tests.browser.pages import Page
from tests.browser.town import Town
from tests.journeys.walk import said
from tests.security.populated import omnipotent, populate

pytestmark = browser_marks
CHINESE = re.compile(r"[\u4e00-\u9fff]+")
FRAMES = [(size, theme) for size in (DESK, PHONE) for theme in ("light", "dark")]
PAGES_MIN = 110
# They quote Chinese on purpose: samples, the headings of a bank's file, the text of a message, a report that is written in both languages.
QUOTING = ("ui:styleguide", "payments:import", "messaging:template", "risk:model_report")
# What each language calls itself.
OWN_NAMES = ("简体中文", "简")


class EveryPage(Town):
    def setUp(self) -> None:
        super().setUp()
        populate(self.team, self.bank)
        program = omnipotent(self.team)
        draft, loan = Application.objects.order_by("pk").last(), Loan.objects.get()
        said(program.post(f"servicing/loans/{loan.number}/refinancing", {"application": draft.number if draft else ""}), 201)
        self.morning()

    def all_pages(self) -> list[Page]:
        found, wrong = pages.gather(self.team.browser("omni"))
        assert not wrong, "\n".join(wrong)
        assert len([page for page in found if page.is_whole]) >= PAGES_MIN, [page.name for page in found]
        return found

    def test_links_lead_somewhere_words_are_translated_and_a_sample_is_sound(self) -> None:
        """A third of the pages, each in one frame; the long test looks at all of them in all."""
        found = self.all_pages()
        client = self.team.browser("omni")
        client.cookies["django_language"] = "en"
        leftovers = untranslated(client, found)
        assert not leftovers, "\n".join(leftovers)
        whole = [page for page in found if page.is_whole]
        for place, (size, theme) in enumerate(FRAMES):
            self.look_at(whole[place * 3 :: 12], size, theme)

    @pytest.mark.long
    def test_every_page_is_sound_on_desk_and_phone_in_light_and_dark(self) -> None:
        whole = [page for page in self.all_pages() if page.is_whole]
        for size, theme in FRAMES:
            self.look_at(whole, size, theme)

    def look_at(self, chosen: list[Page], size: tuple[int, int], theme: str) -> None:
        """All of them, so that one failure names every page that is not sound."""
        unsound = []
        with self.window("/sign-in/", size=size, theme=theme) as window:
            self.sign_in(window, "omni")
            for page in chosen:
                try:
                    window.go(page.url).judge(f"{page.name.replace(':', '-')}-{size[0]}-{theme}")
                except AssertionError as finding:
                    unsound.append(str(finding))
                    window.faults.clear()
        assert not unsound, "\n".join(unsound)


def untranslated(client: Client, found: list[Page]) -> list[str]:
    """Chinese on an English page that does not come out of the database."""
    data = "\n".join(_everything_stored())
    findings = []
    for page in found:
        if page.name in QUOTING:
            continue
        texts = pages.read(client.get(page.url).content.decode()).texts
        findings += [
            f"{page.url}: {text[:80]}" for text in texts if any(run not in data for run in CHINESE.findall(text)) and text not in OWN_NAMES
        ]
    return findings


def _everything_stored() -> list[str]:
    return [
        str(value)
        for model in apps.get_models()
        for row in model._default_manager.all()[:3000]
        for field in model._meta.concrete_fields
        if (value := getattr(row, field.attname)) and CHINESE.search(str(value))
    ]
