"""Reports over the wire: both forms say the same, of a person and of a company."""

from __future__ import annotations

from chezhe.invented import fates
from chezhe.kernel.simulators import World
from chezhe.risk.vendors.asking import Question
from chezhe.risk.vendors.bureau import client
from chezhe.risk.vendors.bureau.reading import company_facts, facts

ASKED = Question(reference="Q1", consent="C26-1")
LIVES = (fates.id_number(fates.GOOD), fates.id_number(fates.BAD), "440305197808080026", "33010619881212003X")


def test_it_says_the_same_in_json_and_in_xml(world: World) -> None:
    for number in LIVES:
        as_json = client.personal_report(ASKED, name="张三", id_number=number)
        assert as_json is not None and as_json == client.personal_report(ASKED, name="张三", id_number=number, form="xml")


def test_a_report_carries_the_name_that_was_asked_and_the_reason(world: World) -> None:
    report = client.personal_report(ASKED, name="张三丰", id_number=LIVES[0])
    assert report is not None and report.base.name == "张三丰" and report.header.reason == "loan_approval"
    assert all(len(account.months60) == 60 == len(account.months60_overdue_fen) for account in report.accounts)


def test_a_good_and_a_bad_life_read_as_such(world: World) -> None:
    good, bad = (client.personal_report(ASKED, name="张三", id_number=number) for number in LIVES[:2])
    assert good is not None and bad is not None
    assert facts(good)["bureau_missed_total_24m"] == 0 and not facts(good)["bureau_overdue_now"]
    assert facts(bad)["bureau_bad_debt"] and facts(bad)["bureau_overdue_now"]


def test_a_number_that_nobody_can_have_is_not_in_the_bureau(world: World) -> None:
    assert client.personal_report(ASKED, name="张三", id_number="320102197002290000") is None
    assert client.company_report(ASKED, name="某某公司", uscc="913300000000000000") is None


def test_a_companys_report_becomes_facts(world: World) -> None:
    report = client.company_report(ASKED, name="某某公司", uscc=fates.company_code(fates.GOOD))
    assert report is not None
    found = company_facts(report)
    assert found["company_accounts_open"] == sum(1 for loan in report.loans if loan.balance_fen) and found["company_bad_debt"] is False
