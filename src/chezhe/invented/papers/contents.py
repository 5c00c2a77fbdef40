"""What stands on a sample paper: made-up, and valid in itself. A function of the seed alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from chezhe.identifiers import synthetic

Contents = dict[str, str]
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国文辉力立新志成春梅海燕雪峰"
_CITIES = ("浙江省杭州市西湖区", "江苏省南京市鼓楼区", "广东省深圳市南山区", "四川省成都市武侯区", "湖北省武汉市江岸区")
_STREETS = ("文三路", "中山北路", "解放大道", "人民东路", "建设二路", "新华西街", "和平路", "长江南路")
_OFFICES = ("杭州市公安局西湖分局", "南京市公安局鼓楼分局", "深圳市公安局南山分局", "成都市公安局武侯分局")
_TRAFFIC = ("杭州市公安局交通警察支队", "南京市公安局交通管理局", "成都市公安局交通管理局")
_BRANDS = (("大众牌", "SVW7147", "LSV"), ("丰田牌", "GTM7200", "LVG"), ("吉利牌", "HQ7152", "L6T"), ("比亚迪牌", "BYD7009", "LGX"))
_COLOURS = ("白", "黑", "灰", "红", "蓝")
_BANKS = ("中国工商银行", "中国建设银行", "中国农业银行", "招商银行", "交通银行")


def contents_of(kind: str, seed: int) -> Contents:
    """Field → text of a paper of one of `KINDS`; days are ISO, a price is yuan with two decimals."""
    return _MADE[kind](Random(f"paper:{kind}:{seed}"))


def _name(rng: Random) -> str:
    return rng.choice(_SURNAMES) + "".join(rng.choice(_GIVEN) for _ in range(rng.choice((1, 2, 2))))


def _address(rng: Random) -> str:
    return f"{rng.choice(_CITIES)}{rng.choice(_STREETS)}{rng.randrange(1, 999)}号{rng.randrange(1, 20)}幢{rng.randrange(101, 2903)}室"


def _day(rng: Random, first: date, last: date) -> date:
    return first + timedelta(days=rng.randrange((last - first).days))


def _id_front(rng: Random) -> Contents:
    born, sex = _day(rng, date(1962, 1, 1), date(2004, 1, 1)), rng.choice(("male", "female"))
    return {
        "name": _name(rng), "sex": "男" if sex == "male" else "女", "nation": "汉", "born_on": born.isoformat(),
        "address": _address(rng), "id_number": synthetic.invent_id_number(rng, born, sex),
    }


def _id_back(rng: Random) -> Contents:
    start = _day(rng, date(2012, 1, 1), date(2026, 1, 1))
    years = rng.choice((10, 20, 0))
    until = date(start.year + years, start.month, min(start.day, 28)).isoformat() if years else "长期"
    return {"authority": rng.choice(_OFFICES), "valid_from": start.isoformat(), "valid_to": until}


def _vehicle_licence(rng: Random) -> Contents:
    brand, model, maker = rng.choice(_BRANDS)
    registered = _day(rng, date(2015, 1, 1), date(2025, 1, 1))
    return {
        "plate": synthetic.invent_plate(rng), "vehicle_type": "小型轿车", "owner": _name(rng), "address": _address(rng),
        "usage": "非营运", "model": f"{brand}{model}", "vin": synthetic.invent_vin(rng, registered.year, maker),
        "engine_no": _engine(rng), "registered_on": registered.isoformat(),
        "issued_on": (registered + timedelta(days=rng.randrange(1, 300))).isoformat(),
    }


def _engine(rng: Random) -> str:
    return "".join(rng.choice("ABCDEFGHJKLMNPRSTUVWXYZ") for _ in range(3)) + f"{rng.randrange(10**6):06d}"


def _registration_certificate(rng: Random) -> Contents:
    brand, model, maker = rng.choice(_BRANDS)
    registered, born = _day(rng, date(2015, 1, 1), date(2025, 1, 1)), _day(rng, date(1962, 1, 1), date(2000, 1, 1))
    return {
        "certificate_no": f"33{rng.randrange(10**10):010d}", "owner": _name(rng),
        "owner_id_number": synthetic.invent_id_number(rng, born, "male"), "authority": rng.choice(_TRAFFIC),
        "registered_on": registered.isoformat(), "plate": synthetic.invent_plate(rng), "brand": brand, "model": model,
        "colour": rng.choice(_COLOURS), "vin": synthetic.invent_vin(rng, registered.year, maker), "engine_no": _engine(rng),
    }


def _bank_card(rng: Random) -> Contents:
    return {
        "bank_name": rng.choice(_BANKS), "card_number": synthetic.invent_bank_card(rng),
        "valid_thru": f"{rng.randrange(1, 13):02d}/{rng.randrange(27, 36):02d}",
    }


def _used_car_invoice(rng: Random) -> Contents:
    brand, model, maker = rng.choice(_BRANDS)
    born = _day(rng, date(1962, 1, 1), date(2000, 1, 1))
    return {
        "invoice_code": f"0{rng.randrange(10**11):011d}", "invoice_number": f"{rng.randrange(10**8):08d}",
        "invoiced_on": _day(rng, date(2025, 6, 1), date(2026, 6, 1)).isoformat(), "buyer": _name(rng),
        "buyer_id_number": synthetic.invent_id_number(rng, born, "female"), "seller": _name(rng),
        "plate": synthetic.invent_plate(rng), "certificate_no": f"33{rng.randrange(10**10):010d}",
        "vin": synthetic.invent_vin(rng, rng.randrange(2015, 2024), maker), "model": f"{brand}{model}",
        "price": f"{rng.randrange(200, 4000) * 100}.00",
    }


_MADE: dict[str, Callable[[Random], Contents]] = {
    "id_front": _id_front, "id_back": _id_back, "vehicle_licence": _vehicle_licence,
    "registration_certificate": _registration_certificate, "bank_card": _bank_card, "used_car_invoice": _used_car_invoice,
}
KINDS = tuple(_MADE)
