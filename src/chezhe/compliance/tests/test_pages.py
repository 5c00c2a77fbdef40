"""The pages: what they show, what they refuse, and that only the right people see them."""

from datetime import date

import pytest
from django.urls import reverse

from chezhe.compliance import queries, steps
from chezhe.compliance.models import ContactAttempt, LenderChange, ParameterChange
from chezhe.kernel.models import Holiday, Parameter
from chezhe.kernel.testing import WU
from chezhe.ui import navigation, panels

pytestmark = pytest.mark.django_db
SUBJECT = "probe:P1"
FIGURE = {"value": "0.029", "effective_from": "2026-03-20", "source": "全国银行间同业拆借中心", "reason": "LPR 下调"}
CAPS = {
    "on": "2026-03-16", "licence_type": "mcc", "borrower_kind": "person", "purpose": "purchase", "vehicle_condition": "new",
    "usage": "private", "energy": "conventional", "amount": "100,000", "price_base": "150000", "term_months": "36",
    "annual_rate": "11.88", "all_in_simple": "11.88", "all_in_compound": "12.55", "penalty_percent": "150",
}
READ_PAGES = ["parameters", "changes", "lender", "caps", "calendar_now"]


def text(response):
    return response.content.decode()


def follow(browser, name, *args):
    return browser.get(reverse(f"compliance:{name}", args=args), follow=True)


@pytest.mark.parametrize("name", READ_PAGES)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_everybody_on_the_team_reads_the_figures(cast, browser, name, language):
    browser.cookies["django_language"] = language
    assert follow(browser.acts_as(cast["lin"]), name).status_code == 200


@pytest.mark.parametrize("name", [*READ_PAGES, "register", "contacts"])
def test_wu_sees_nothing(cast, browser, name):
    assert follow(browser.acts_as(WU), name).status_code == 403


def test_the_list_finds_a_figure_by_its_words(cast, browser):
    page = text(browser.acts_as(cast["lin"]).get("/compliance/parameters/?q=LPR"))
    assert "LPR1Y" in page and "LTV_USED" not in page and "0.0300" in page
    assert "没有找到参数" in text(browser.get("/compliance/parameters/?q=nothing-like-it"))


def test_a_figure_is_proposed_by_one_and_agreed_by_another_on_the_page(cast, browser):
    answer = browser.acts_as(cast["he"]).post("/compliance/parameters/LPR1Y/", FIGURE)
    change = ParameterChange.objects.get()
    assert answer.url == reverse("compliance:parameter_change", args=[change.number])
    assert "须由另一位同事复核" in text(browser.get(answer.url))
    assert "待复核" in text(browser.get("/compliance/parameters/LPR1Y/")) and change.number in text(browser.get("/compliance/changes/"))
    refused = browser.post(f"{answer.url}decide/", {"verdict": "agree"})
    assert refused.status_code == 422 and "必须" not in text(refused) or "另一位同事" in text(refused)
    browser.acts_as(cast["gao"])
    assert browser.post(f"{answer.url}decide/", {"verdict": "reject"}).status_code == 422
    assert browser.post(f"{answer.url}decide/", {"verdict": "agree"}).status_code == 302
    assert "已生效" in text(browser.get(answer.url))
    assert Parameter.objects.get(code="LPR1Y", effective_from=date(2026, 3, 20)).value == "0.029"


def test_a_wrong_figure_is_said_beside_its_field_and_the_seller_has_no_form(cast, browser):
    page = browser.acts_as(cast["he"]).post("/compliance/parameters/LPR1Y/", {**FIGURE, "value": "3%"})
    assert page.status_code == 422 and "比率写成小数" in text(page) and not ParameterChange.objects.exists()
    assert "提交复核" not in text(browser.acts_as(cast["lin"]).get("/compliance/parameters/LPR1Y/"))
    assert browser.post("/compliance/parameters/LPR1Y/", FIGURE).status_code in (403, 422) and not ParameterChange.objects.exists()
    assert browser.get("/compliance/parameters/NO_SUCH/").status_code == 404
    assert browser.get("/compliance/changes/PC26-000000-0/").status_code == 404


def test_the_lender_page_warns_of_the_demo_and_changes_by_two(cast, browser):
    page = text(browser.acts_as(cast["he"]).get("/compliance/lender/"))
    assert "虚构的演示机构" in page and "小额贷款公司" in page
    profile = queries.lender()
    said = {"name": "新名小额贷款有限公司", "licence_type": "mcc", "region": "330000", "uscc": profile.uscc, "net_assets": "600,000,000",
            "reason": "更名"}
    assert browser.post("/compliance/lender/", {**said, "region": "x"}).status_code == 422
    answer = browser.post("/compliance/lender/", said)
    change = LenderChange.objects.get()
    assert answer.status_code == 302
    browser.acts_as(cast["gao"]).post(reverse("compliance:decide_lender", args=[change.number]), {"verdict": "agree"})
    assert queries.lender().name == "新名小额贷款有限公司" and "虚构的演示机构" not in text(browser.get("/compliance/lender/"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"all_in_simple": "12.5"}, "可以办理，请留意提示"), ({"all_in_simple": "24.5", "all_in_compound": "27"}, "超过上限 24%"),
     ({"price_base": "110000", "vehicle_condition": "used"}, "LTV_USED"), ({"deducted_from_principal": "3000"}, "预扣 3000.00 元"),
     ({"licence_type": "service"}, "没有放贷资格"), ({}, "符合全部适用规则")],
)
def test_the_cap_page_says_what_it_found_and_on_which_ground(cast, browser, changes, said):
    page = text(browser.acts_as(cast["lin"]).post("/compliance/caps/", {**CAPS, **changes}))
    assert said in page


def test_the_cap_page_speaks_english(cast, browser):
    browser.cookies["django_language"] = "en"
    page = text(browser.acts_as(cast["lin"]).post("/compliance/caps/", {**CAPS, "all_in_simple": "24.5"}))
    assert "exceeds the limit 24%" in page


def test_the_cap_page_refuses_nonsense_and_days_without_figures(cast, browser):
    assert browser.acts_as(cast["lin"]).post("/compliance/caps/", {**CAPS, "amount": "-1"}).status_code == 422
    early = browser.post("/compliance/caps/", {**CAPS, "on": "2001-01-01"})
    assert early.status_code == 422 and "没有生效的参数" in text(early)


def test_the_register_is_for_oversight_and_narrows(cast, browser):
    assert browser.acts_as(cast["lin"]).get("/compliance/register/").status_code == 403
    page = text(browser.acts_as(cast["he"]).get("/compliance/register/?room=compliance&class=C2"))
    assert "recorded_by_name" in page and "net_assets" not in page


def test_the_calendar_shows_provisional_years_and_takes_a_day(cast, browser):
    assert "调休尚待国务院办公厅通知" in text(browser.acts_as(cast["lin"]).get("/compliance/calendar/2029/"))
    assert browser.get("/compliance/calendar/1999/").status_code == 404
    day = {"day": "2029-10-05", "kind": "holiday", "name": "国庆节", "source": "国办发明电"}
    assert browser.post("/compliance/calendar/2029/day/", day).status_code == 403
    assert browser.acts_as(cast["he"]).post("/compliance/calendar/2029/day/", {**day, "kind": "working"}).status_code == 422
    assert browser.post("/compliance/calendar/2029/day/", day).status_code == 302
    assert Holiday.objects.get(day=date(2029, 10, 5)).name == "国庆节"
    assert browser.post("/compliance/calendar/2029/confirm/", {"source": "国办发明电"}).status_code == 302
    assert "调休尚待" not in text(browser.get("/compliance/calendar/2029/"))


def test_consents_are_given_and_taken_back_on_the_customers_page(cast, browser):
    url = f"/compliance/consents/?subject={SUBJECT}"
    assert "未取得" in text(browser.acts_as(cast["lin"]).get(url))
    assert browser.post(url, {"kind": "marketing", "channel": "paper"}).status_code == 422
    given = browser.post(url, {"kind": "marketing", "channel": "paper", "evidence": "DOC-7"})
    assert given.status_code == 200 and "DOC-7" in text(given) and steps.has_consent(SUBJECT, "marketing", date(2026, 3, 16))
    taken = browser.post(f"/compliance/consents/withdraw/?subject={SUBJECT}", {"kind": "marketing", "channel": "recording", "evidence": "R1"})
    assert "已撤回" in text(taken) and not steps.has_consent(SUBJECT, "marketing", date(2026, 3, 16))
    assert taken["HX-Trigger"] == "consents-changed"
    assert browser.get("/compliance/consents/?subject=probe:P2").status_code == 404
    assert browser.get("/compliance/consents/").status_code == 404
    assert browser.acts_as(WU).get(url).status_code == 403


def test_what_is_required_comes_first_and_the_next_one_keeps_the_same_paper(cast, browser):
    url = f"/compliance/consents/?subject={SUBJECT}&required=credit_query,personal_info,nonsense"
    asked = browser.acts_as(cast["lin"]).get(url).context["form"]
    assert asked.initial == {"kind": "credit_query"}
    given = browser.post(url, {"kind": "credit_query", "channel": "recording", "evidence": "SQ-9"})
    assert given["HX-Trigger"] == "consents-changed"
    assert given.context["form"].initial == {"kind": "personal_info", "channel": "recording", "evidence": "SQ-9"}
    done = browser.post(url, {"kind": "personal_info", "channel": "recording", "evidence": "SQ-9"})
    assert done.context["form"].initial == {"kind": ""} and not done.context["is_asked"]


def test_a_contact_is_reserved_and_its_outcome_said_on_the_customers_page(cast, browser):
    url = f"/compliance/contacts/panel/?subject={SUBJECT}"
    browser.acts_as(cast["zhao"])
    assert "现在可以电话联系" in text(browser.get(url))
    for _ in range(3):
        assert browser.post(url, {"channel": "voice", "purpose": "collection", "address": "15400000001"}).status_code == 200
    refused = browser.post(url, {"channel": "voice", "purpose": "collection"})
    assert refused.status_code == 422 and "有效通话已达 3 次" in text(refused) and "03-17 08:00" in text(refused)
    attempt = ContactAttempt.objects.order_by("id")[0]
    page = browser.post(f"/compliance/contacts/{attempt.number}/outcome/", {"outcome": "unanswered"})
    assert page.status_code == 200 and "未接" in text(page) and "15400000001" not in text(page)
    assert browser.post(f"/compliance/contacts/{attempt.number}/outcome/", {"outcome": "effective"}).status_code == 422
    assert browser.get("/compliance/contacts/").status_code == 403
    assert attempt.number in text(browser.acts_as(cast["he"]).get("/compliance/contacts/"))
    assert browser.acts_as(WU).post(f"/compliance/contacts/{attempt.number}/outcome/", {"outcome": "failed"}).status_code == 403


def test_a_block_is_set_and_lifted_on_the_customers_page(cast, browser):
    browser.acts_as(cast["he"])
    page = browser.post(f"/compliance/contacts/block/?subject={SUBJECT}", {"reason_code": "deceased", "note": "家属来电"})
    assert "不得再联系本人" in text(page) and "家属来电" in text(page)
    lifted = browser.post(f"/compliance/contacts/lift/?subject={SUBJECT}", {"reason_code": "deceased", "note": "误登"})
    assert "现在可以电话联系" in text(lifted)
    assert browser.post(f"/compliance/contacts/lift/?subject={SUBJECT}", {"reason_code": "deceased"}).status_code == 422


def test_every_page_registered_in_the_rail_exists(cast):
    assert not [name for name in navigation.broken() + panels.broken() if name.startswith("compliance:")]
