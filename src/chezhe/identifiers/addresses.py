"""Chinese addresses in one comparable form, so that the same flat written twice is seen to be the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from chezhe.identifiers.regions import PROVINCES
from chezhe.identifiers.text import clean

# Districts that were renamed or merged, as old addresses still have them: (city, old) → now.
DISTRICTS: Final[Mapping[tuple[str, str], str]] = {
    ("北京", "崇文区"): "东城区", ("北京", "宣武区"): "西城区", ("上海", "闸北区"): "静安区", ("上海", "卢湾区"): "黄浦区",
    ("上海", "南汇区"): "浦东新区", ("天津", "塘沽区"): "滨海新区", ("天津", "汉沽区"): "滨海新区", ("天津", "大港区"): "滨海新区",
    ("杭州", "下城区"): "拱墅区", ("杭州", "江干区"): "上城区", ("南京", "下关区"): "鼓楼区", ("南京", "白下区"): "秦淮区",
    ("苏州", "沧浪区"): "姑苏区", ("苏州", "平江区"): "姑苏区", ("苏州", "金阊区"): "姑苏区", ("苏州", "吴江市"): "吴江区",
    ("广州", "东山区"): "越秀区", ("广州", "芳村区"): "荔湾区", ("广州", "萝岗区"): "黄埔区", ("成都", "双流县"): "双流区",
}
MUNICIPALITIES: Final = ("北京", "上海", "天津", "重庆")
_PROVINCES: Final = tuple(name for name in PROVINCES.values() if name not in MUNICIPALITIES)
_PROVINCE = re.compile(
    rf"^(?:中国|中华人民共和国)?(?:{'|'.join(_PROVINCES)})(?:省|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)?(?=.{{2}})"
)
_MUNICIPALITY = re.compile(rf"^(?:中国)?({'|'.join(MUNICIPALITIES)})市?(?:\1市?)?(?:市辖区|县)?")
_CITY = re.compile(r"^([^\d市区县路街道号村镇]{2,8}?)市(?!场)")
_DISTRICT = re.compile(r"^([^\d路街道号村镇]{1,8}?(?:新区|区|县|旗|市))(?<!小区)(?<!社区)(?<!园区)")
_STREET_OFFICE = re.compile(r"^[^\d路街号]{2,6}?(?:街道办事处|街道)(?!\d)")
_NOTE = re.compile(r"\([^()]*\)")
_NUMERALS: Final = dict(zip("零〇一二三四五六七八九", "00123456789", strict=True)) | {"两": "2"}
_UNITS = r"号|栋|幢|座|单元|室|层|楼|弄|组|排|门|户"
_CHINESE_NUMBER = re.compile(rf"[零〇一二三四五六七八九十百两]+(?=(?:{_UNITS}))")
_DASHES = re.compile(r"[‐‑‒–—―－~〜至]")
_PLACE_WORDS = re.compile(r"(?:居住小区|住宅小区|住宅区|生活区|小区|社区|花园小区)(?=\d|$)")
_NO_ADDRESS: Final = 4


def address_key(text: str) -> str:
    """The comparable form of a Chinese address, or "" when it names no house.

    Half-width; province dropped; `市` after the city dropped; districts by their present name; street office dropped; Chinese numerals
    before a unit as digits; 号楼/栋/幢/座/# → `b`, 单元/门 → `u`, 室/户/房 → `r`; `3-2-501` like 3栋2单元501室.
    """
    flat = _DASHES.sub("-", _NOTE.sub("", clean(text).replace("（", "(").replace("）", ")")).upper())
    flat = re.sub(r"[\s,，。.、;；:：/·]", "", flat)
    city, rest = _place_of(flat)
    rest = _house(_CHINESE_NUMBER.sub(lambda found: _digits(found[0]), rest))
    if not any(character.isdigit() for character in rest) or len(rest) < _NO_ADDRESS:
        return ""
    return city + rest


def _place_of(flat: str) -> tuple[str, str]:
    """City and district in their short, present form, and what follows them."""
    city = ""
    if found := _MUNICIPALITY.match(flat):
        city, flat = found[1], flat[found.end():]
    else:
        flat = _PROVINCE.sub("", flat)
        if found := _CITY.match(flat):
            city, flat = found[1], flat[found.end():]
    district = ""
    if found := _DISTRICT.match(flat):
        district, flat = DISTRICTS.get((city, found[1]), found[1]), flat[found.end():]
    elif city == "上海" and flat.startswith("浦东"):
        district, flat = "浦东新区", flat.removeprefix("浦东")
    return city + district, _STREET_OFFICE.sub("", flat)


def _house(rest: str) -> str:
    """Building, unit and room in one notation."""
    rest = _PLACE_WORDS.sub("", rest)
    rest = re.sub(r"(\d+)(?:号院|号大院)", r"\1号", rest)
    rest = re.sub(r"(\d+|[A-Z]\d*)(?:号楼|#楼|#|栋|幢|座)", r"\1b", rest)
    rest = re.sub(r"(\d+)(?:单元|门)", r"\1u", rest)
    rest = re.sub(r"\d+(?:层|楼)(?=\d)", "", rest)
    rest = re.sub(r"(\d+)(?:层|楼)$", r"\1f", rest)
    rest = re.sub(r"(?<!\d)(\d+)-(\d+)-(\d+)(?:室|户|房|号)?$", r"\1b\2u\3r", rest)
    rest = re.sub(r"(?<!\d)(\d+)-(\d{3,4})(?:室|户|房|号)?$", r"\1b\2r", rest)
    rest = re.sub(r"(\d+)(?:室|户|房间|房|号房)$", r"\1r", rest)
    rest = re.sub(r"(?<=[bu号])(\d+)(?:号)?$", r"\1r", rest)
    return rest.replace("-", "")


def _digits(words: str) -> str:
    """`十二` → `12`, `二〇三` → `203`, `一百零八` → `108`."""
    if not set(words) & {"十", "百"}:
        return "".join(_NUMERALS[character] for character in words)
    hundreds, _sign, rest = words.rpartition("百")
    tens, _sign, ones = rest.rpartition("十") if "十" in rest else ("0", "", rest)
    number = 100 * int(_digits(hundreds) if hundreds else 0) + 10 * int(_NUMERALS.get(tens.lstrip("零"), "1")) if "十" in rest else 0
    if "十" not in rest:
        number = 100 * int(_digits(hundreds))
    ones = ones.lstrip("零〇")
    return str(number + (int(_NUMERALS[ones[0]]) if ones else 0))
