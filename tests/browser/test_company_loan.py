"""A company borrows for its business against a van; its controller stands surety, comes in person, and signs too."""

from __future__ import annotations

from chezhe.customers.tests.filing import CARD_OTHER
from chezhe.identifiers.capital import amount_in_capitals
from chezhe.ui.tests.browser import Window, browser_marks
from chezhe.vehicles.tests.filing import USED
from tests.browser import closing, deciding, keeping, selling
from tests.browser.town import Town
from tests.journeys.walk import COMPANY_FILE, SURETY

pytestmark = browser_marks


class CompanyLoan(Town):
    def test_a_company_is_lent_to_with_its_controller_as_surety(self) -> None:
        lin = self.desk("lin")
        company, controller = the_two(lin)
        car = the_van(lin, company)
        selling.value_car(self.desk("ping"), car, "200,000")
        application = selling.begin(lin, company, "P05")
        the_wizard(lin, car, controller)
        assert selling.hand_over_papers(lin, self.folder) > 3
        selling.gather_consents(lin)
        selling.submit(lin)
        deciding.agree(self.desk("chen"), application, "经营流水核实无误")
        deciding.agree(self.desk("zhou"), application, "同意")
        selling.take_the_offer(lin, application)
        he = self.desk("he")
        contract = closing.make_contract(he, application)
        words = closing.printed(he, contract, "loan_contract")
        assert COMPANY_FILE.name in words and SURETY.name in words and amount_in_capitals(12_000_000) in words
        closing.sign(he, contract, self.folder)
        closing.register_mortgage(he, contract, self.folder)
        closing.let_go(self.desk("gao"), closing.order_payout(self.desk("fang"), contract))
        self.time_passes()
        cai = self.desk("cai")
        loan = keeping.loan_of(cai, contract)
        assert keeping.balance_stands_everywhere(cai, loan) == 12_000_000
        keeping.books_balance(cai, 1)


def the_two(lin: Window) -> tuple[str, str]:
    """The company and the person behind it, each a customer, related."""
    lin.go("/customers/new/company/")
    selling.wrong_then_right(lin, "uscc", "91310115MA1TEYT17X", "校验", COMPANY_FILE.uscc)
    lin.fill(
        name=COMPANY_FILE.name, legal_representative=COMPANY_FILE.legal_representative, actual_controller=SURETY.name, mobile=COMPANY_FILE.mobile,
        registered_capital="2,000,000", established_on="2019-04-01", address="杭州市西湖区文三路1号",
    )
    company = lin.press("建档").arrives("/customers/C26-*/").split("/")[2]
    lin.go("/customers/new/person/").fill(name=SURETY.name, id_number=SURETY.id_number, mobile=SURETY.mobile, address="杭州市西湖区文三路2号")
    controller = lin.press("建档").arrives("/customers/C26-*/").split("/")[2]
    lin.go(f"/customers/{company}/relations/new/").fill(other_number=controller, kind="controller").press("添加")
    lin.arrives(f"/customers/{company}/**")
    lin.go(f"/customers/{company}/accounts/new/").fill(kind="corporate", card_number=CARD_OTHER, bank_name="某银行杭州分行").press("添加")
    lin.arrives(f"/customers/{company}/**")
    return company, controller


def the_van(lin: Window, company: str) -> str:
    lin.go(f"/customers/{company}/").follow("登记车辆").fill(
        vin=USED.vin, plate=USED.plate, condition="used", brand="江铃", series="全顺", model="长轴中顶", energy_type="diesel",
        first_registered_on="2022-05-20", mileage_km="56,000",
    )
    return lin.press("登记").arrives("/vehicles/V26-*/").split("/")[2]


def the_wizard(lin: Window, car: str, controller: str) -> None:
    """The surety is added beside the borrower; what a person would have to say of income is not asked of a company."""
    lin.fill(purpose="working_capital").press("保存并继续").arrives("/*/*/steps/support/")
    lin.fill(customer_number=controller, role="guarantor").press("添加").settle()
    assert SURETY.name[0] in lin.text("main table")
    lin.follow("下一步", within="main").arrives("/*/*/steps/vehicle/")
    lin.fill(vehicle_number=car).press("保存并继续").arrives("/*/*/steps/finance/")
    lin.fill(amount="120,000", periods="6", due_day="20").press("保存并继续").arrives("/*/*/steps/documents/")
