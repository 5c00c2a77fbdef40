"""Invented people and companies with one seeded hidden life each: who they are, what they earn, how they pay.

Everything a check or a simulator says about somebody derives from this one life. Resemblance to real people is
accidental: numbers come from ranges that nobody is given.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from random import Random

from chezhe.customers.values import CompanyFacts, PersonFacts
from chezhe.finmath.money import Money
from chezhe.identifiers import bank_card, synthetic
from chezhe.simulation.chance import pick
from chezhe.vehicles.values import VehicleFacts

SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹章苏潘葛范彭鲁韦马苗方俞任袁柳鲍史唐费薛雷贺倪汤"
GIVEN = "明华强芳静磊军洋勇艳杰娟涛超秀霞平刚桂英志伟红玉兰晨曦子轩雨桐浩然思远嘉怡文博梓涵天佑安宁若溪景行书瑶怀瑾"
TRADES = ("物流", "商贸", "建材", "餐饮管理", "汽车服务", "电子科技")
CARS = (
    # brand, model, maker code, new price in thousands of yuan, energy
    ("大众", "朗逸 1.5L 自动舒适版", "LSV", 118, "petrol"), ("丰田", "卡罗拉 双擎精英版", "LFM", 139, "hybrid"),
    ("比亚迪", "秦PLUS DM-i 领先版", "LGX", 109, "plug_in_hybrid"), ("比亚迪", "海豚 自由版", "LGX", 116, "pure_electric"),
    ("本田", "雅阁 锐·T动", "LHG", 179, "petrol"), ("吉利", "星越L 领航版", "LB3", 149, "petrol"),
    ("特斯拉", "Model Y 后轮驱动版", "LRW", 249, "pure_electric"), ("五菱", "凯捷 旗舰型", "LZW", 119, "petrol"),
    ("别克", "GL8 陆上公务舱", "LSG", 229, "petrol"), ("江铃", "全顺 长轴中顶", "LJX", 168, "diesel"),
)
TRUCKS = (("解放", "J7 牵引车", "LFW", 389, "diesel"), ("东风", "天龙旗舰 牵引车", "LGA", 429, "diesel"))
PLATES = {"HZ01": ("浙", "A"), "NB01": ("浙", "B"), "SZ01": ("粤", "B")}
CITIES = {"HZ01": "浙江省杭州市西湖区", "NB01": "浙江省宁波市鄞州区", "SZ01": "广东省深圳市南山区"}
PROVINCES = {"HZ01": "33", "NB01": "33", "SZ01": "44"}


# How each product is usually repaid, and over how many months.
METHODS: dict[str, dict[str, int]] = {
    "P01": {"equal_instalment": 14, "equal_principal": 3, "flat_equal": 2, "balloon": 1},
    "P02": {"equal_instalment": 4, "equal_principal": 1}, "P03": {"equal_instalment": 3, "interest_only_bullet": 1},
    "P05": {"interest_only_bullet": 5, "equal_instalment": 4, "bullet": 1},
}
PERIODS = {"P01": (12, 12, 24, 24, 36), "P02": (12, 12, 12, 24), "P03": (6, 12, 12, 24), "P05": (3, 6, 6, 12, 12)}
ENTERPRISE_SHARE, MARRIED_SHARE, BAD_ACCOUNT_SHARE = 0.08, 0.2, 0.03
BAD_ACCOUNTS = {"901": 4, "902": 3, "903": 2, "904": 2, "905": 1, "906": 4}
LEAST = Money(3_000_000)


class Payer(StrEnum):
    """How somebody pays, from the day of the first instalment to the last."""

    PROMPT = "prompt"
    FORGETFUL = "forgetful"
    STRAINED = "strained"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Life:
    """One borrower's truth. `wanted` is the loan sought, `income` the real monthly income, `card` the account that the
    bank will pay or refuse. A company has a `guarantor`, a married person may bring a `spouse`; whoever is `GONE` pays
    `pays_first` instalments and then nothing more."""

    branch_code: str
    person: PersonFacts | None
    company: CompanyFacts | None
    guarantor: PersonFacts | None
    car: VehicleFacts
    card: str
    income: Money
    debts: Money
    wanted: Money
    product_code: str
    method: str
    periods: int
    due_day: int
    payer: Payer
    pays_by_transfer: bool
    pays_first: int
    source: str
    spouse: PersonFacts | None = None

    def paying_again(self) -> Life:
        """The same person after an arrangement: late now and then, but there."""
        return replace(self, payer=Payer.FORGETFUL)

    @property
    def name(self) -> str:
        holder = self.person or self.company
        assert holder is not None
        return holder.name

    @property
    def mobile(self) -> str:
        holder = self.person or self.company
        assert holder is not None
        return holder.mobile


def invent(rng: Random, branch_code: str, on: date, sources: tuple[str, ...]) -> Life:
    """The next life of a branch, born long before `on`."""
    is_company = rng.random() < ENTERPRISE_SHARE
    income = Money(rng.choice((45, 60, 75, 90, 120, 160, 220)) * 10_000 + rng.randrange(0, 9_900, 100))
    car = _car(rng, branch_code, on, TRUCKS if is_company else CARS)
    product_code = "P05" if is_company else "P01" if car.condition == "new" else rng.choice(("P02", "P03"))
    price = car.invoice_price or Money(0)
    wanted = Money(price.fen * rng.choice((40, 45, 50, 55, 60)) // 100 // 100_000 * 100_000)
    method = pick(rng, METHODS[product_code])
    person = None if is_company else _person(rng, branch_code, on, income)
    has_spouse = person is not None and person.marital_status == "married" and rng.random() < MARRIED_SHARE
    return Life(
        branch_code=branch_code, person=person, company=_company(rng, branch_code, on) if is_company else None,
        guarantor=_person(rng, branch_code, on, income) if is_company else None,
        spouse=_person(rng, branch_code, on, income, marital_status="married") if has_spouse else None, car=car, card=_card(rng),
        income=income, debts=Money(income.fen * rng.choice((0, 0, 5, 5, 5, 10, 10, 10, 15, 20, 20, 35)) // 100), wanted=max(LEAST, wanted),
        product_code=product_code, method=method, periods=12 if method == "balloon" else rng.choice(PERIODS[product_code]),
        due_day=rng.choice((5, 8, 10, 15, 15, 18, 20, 25, 28, 31)), payer=rng.choices(tuple(Payer), weights=(78, 11, 7, 4))[0],
        pays_by_transfer=rng.random() < 0.6, pays_first=rng.randrange(0, 7), source=rng.choice(sources),
    )


def another_car(rng: Random, branch_code: str, on: date) -> VehicleFacts:
    """One more car of somebody's."""
    return _car(rng, branch_code, on, CARS)


def _card(rng: Random) -> str:
    """An account that the bank pays out to, or now and then one of those that it will not (payments.vendors.bank)."""
    fate = pick(rng, BAD_ACCOUNTS) if rng.random() < BAD_ACCOUNT_SHARE else f"{rng.randrange(100, 900)}"
    body = f"{synthetic.UNASSIGNED_ISSUER}{rng.randrange(10**9):09d}{fate}"
    return body + bank_card.luhn_digit(body)


def good_card(rng: Random) -> str:
    """Another account, which takes money."""
    body = f"{synthetic.UNASSIGNED_ISSUER}{rng.randrange(10**9):09d}{rng.randrange(100, 900)}"
    return body + bank_card.luhn_digit(body)


def _name(rng: Random) -> str:
    return rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))


def _address(rng: Random, branch_code: str) -> str:
    return f"{CITIES[branch_code]}示例路 {rng.randrange(1, 400)} 号 {rng.randrange(1, 30)} 幢 {rng.randrange(101, 2800)} 室"


def _person(rng: Random, branch_code: str, on: date, income: Money, marital_status: str = "") -> PersonFacts:
    born = on - timedelta(days=rng.randrange(22 * 365, 58 * 365))
    sex = rng.choice(("male", "female"))
    return PersonFacts(
        name=_name(rng), id_number=synthetic.invent_id_number(rng, born, sex, PROVINCES[branch_code]),
        mobile=synthetic.invent_mobile(rng), marital_status=marital_status or rng.choice(("single", "married", "married", "divorced")),
        address=_address(rng, branch_code), employer=f"{_name(rng)[:2]}{rng.choice(TRADES)}有限公司", monthly_income=income,
    )


def _company(rng: Random, branch_code: str, on: date) -> CompanyFacts:
    head = _name(rng)
    return CompanyFacts(
        name=f"{''.join(rng.sample(GIVEN, 2))}{rng.choice(TRADES)}有限公司", uscc=synthetic.invent_uscc(rng, PROVINCES[branch_code]),
        legal_representative=head, actual_controller=head, mobile=synthetic.invent_mobile(rng),
        address=_address(rng, branch_code),
        registered_capital=Money(rng.choice((50, 100, 200, 500)) * 1_000_000), industry=rng.choice(TRADES),
        established_on=on - timedelta(days=rng.randrange(800, 5000)),
    )


def _car(rng: Random, branch_code: str, on: date, models: tuple[tuple[str, str, str, int, str], ...]) -> VehicleFacts:
    brand, model, maker, thousands, energy = rng.choice(models)
    years = rng.choice((0, 1, 2, 2, 3, 4, 5))
    registered = on - timedelta(days=years * 365 + rng.randrange(1, 300)) if years else None
    guide = Money(thousands * 100_000)
    worth = Money(guide.fen * (100 - 8 * years) // 100)
    province, office = PLATES[branch_code]
    plate_energy = {"pure_electric": "pure_electric", "plug_in_hybrid": "not_pure_electric"}.get(energy, "")
    return VehicleFacts(
        vin=synthetic.invent_vin(rng, (registered or on).year, maker), brand=brand, model=model, energy_type=energy,
        condition="used" if registered else "new", plate=synthetic.invent_plate(rng, province, office, plate_energy) if registered else "",
        engine_no=f"{rng.choice('ABCDEFGH')}{rng.randrange(10**6):06d}", first_registered_on=registered,
        usage_nature="freight" if models is TRUCKS else "non_commercial",
        mileage_km=years * rng.randrange(9_000, 21_000) if registered else None, colour=rng.choice(("白", "黑", "银", "灰", "红", "蓝")),
        invoice_price=worth, guide_price=guide,
    )
