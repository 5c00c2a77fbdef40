"""Who built it: the world manufacturer identifiers most often seen on Chinese plates. Unknown ones stay blank."""

from __future__ import annotations

MAKERS = {
    "LFV": "一汽-大众", "LSV": "上汽大众", "LGX": "比亚迪", "LC0": "比亚迪", "LRW": "特斯拉上海", "LBV": "华晨宝马",
    "LSG": "上汽通用", "LVS": "长安福特", "LHG": "广汽本田", "LVG": "广汽丰田", "LVH": "东风本田", "LFM": "一汽丰田",
    "LE4": "北京奔驰", "LGB": "东风日产", "LB3": "吉利", "LGW": "长城", "LS5": "长安", "LVV": "奇瑞", "LBE": "北京现代",
    "LZW": "上汽通用五菱", "LSJ": "上汽乘用车", "LW4": "理想", "LJ1": "江淮", "L1N": "小鹏", "LZZ": "中国重汽",
    "WBA": "宝马", "WDD": "梅赛德斯-奔驰", "W1K": "梅赛德斯-奔驰", "WAU": "奥迪", "WP0": "保时捷", "WP1": "保时捷",
    "JTH": "雷克萨斯", "JTJ": "雷克萨斯", "YV1": "沃尔沃", "SAL": "路虎", "5YJ": "特斯拉", "WVW": "大众", "1M8": "MCI",
}  # fmt: skip
COUNTRIES_BY_FIRST = {
    "1": "美国", "2": "加拿大", "3": "墨西哥", "4": "美国", "5": "美国", "L": "中国", "J": "日本", "W": "德国", "K": "韩国",
}  # fmt: skip
COUNTRIES_BY_RANGE = (
    ("KA", "KK", ""), ("3X", "39", ""),  # parts of a first letter that belong to neighbours
    ("SA", "SM", "英国"), ("VF", "VR", "法国"), ("VS", "VW", "西班牙"), ("TM", "TP", "捷克"), ("TR", "TV", "匈牙利"),
    ("YS", "YW", "瑞典"), ("ZA", "ZR", "意大利"), ("MA", "ME", "印度"), ("ML", "MR", "泰国"),
)  # fmt: skip


def maker_of(vin: str) -> str:
    """The maker's usual Chinese name, or "" for an identifier that is not in the table."""
    return MAKERS.get(vin[:3], "")


def country_of(vin: str) -> str:
    """The country of the maker by the first characters (ISO 3780), or "" where the table is silent."""
    for first, last, name in COUNTRIES_BY_RANGE:
        if first[0] == vin[:1] and first <= vin[:2] <= last:
            return name
    return COUNTRIES_BY_FIRST.get(vin[:1], "")
