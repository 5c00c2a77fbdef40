"""Those who oversee read every act and see whether the chain holds; nobody else does."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from chezhe.documents.tests.people import Cast, hire
from chezhe.kernel import audit, clock, roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(cast: Cast) -> list[AuditEntry]:
    audit.record(by=cast.lin, verb="documents.upload_document", subject="application:A26-000001-1", facts={"category": "id_front"})
    audit.record(by=cast.gao, verb="approvals.cast_vote", subject="application:A26-000002-9", outcome="refused", reason="本人经办")
    audit.seal()
    audit.sign_day(clock.today())
    return list(AuditEntry.objects.order_by("id"))


def page_of(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_auditor_reads_what_was_done_and_what_was_refused(cast: Cast, browser: Any, trail: list[AuditEntry]) -> None:
    browser.acts_as(hire("吴", cast.east, roles.AUDITOR, reach=Reach.ALL))
    page = page_of(browser.get("/audit/"))
    assert "A26-000001-1" in page and "A26-000002-9" in page and "本人经办" in page
    only = page_of(browser.get("/audit/?outcome=refused"))
    assert "A26-000002-9" in only and "A26-000001-1" not in only
    assert "A26-000001-1" in page_of(browser.get("/audit/?q=A26-000001-1"))
    assert "A26-000001-1" in page_of(browser.get("/audit/?export=csv"))
    items = browser.api("workbench/audit?subject=application:A26-000001-1").json()["items"]
    assert [(item["verb"], item["facts"]) for item in items] == [("documents.upload_document", {"category": "id_front"})]


def test_an_act_is_called_by_its_own_name_and_so_is_what_is_no_action(cast: Cast, browser: Any) -> None:
    for verb in ("channels.suspend_dealer", "channels.resume_dealer", "staff.step_up", "ui.export_list"):
        audit.record(by=cast.lin, verb=verb, subject="dealer:D26-0001")
    browser.acts_as(hire("吴", cast.east, roles.AUDITOR, reach=Reach.ALL))
    page = page_of(browser.get("/audit/"))
    assert all(label in page for label in ("暂停车商", "恢复车商", "再次验证身份", "导出列表")) and "暂停、恢复与终止车商" not in page
    items = browser.api("workbench/audit?verb=channels.resume_dealer").json()["items"]
    assert [(item["verb"], item["verb_label"]) for item in items] == [("channels.resume_dealer", "恢复车商")]


def test_others_do_not(cast: Cast, browser: Any, trail: list[AuditEntry]) -> None:
    for actor in (cast.lin, cast.gao):
        browser.acts_as(actor)
        assert [browser.get(path).status_code for path in ("/audit/", "/audit/proof/")] == [403, 403]
        assert browser.api("workbench/audit").status_code == 403


def test_the_page_says_whether_the_chain_holds(cast: Cast, browser: Any, trail: list[AuditEntry]) -> None:
    browser.acts_as(hire("吴", cast.east, roles.AUDITOR, reach=Reach.ALL))
    assert "链条完整" in page_of(browser.get("/audit/proof/"))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_auditentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE kernel_auditentry SET subject = 'application:A26-000009-9' WHERE id = %s", [trail[0].pk])
    assert "链条已断" in page_of(browser.get("/audit/proof/"))
