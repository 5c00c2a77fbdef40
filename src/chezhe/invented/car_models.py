"""Models that Chinese lenders see, with their makers' codes and prices when new: plausible, not a price list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CarModel:
    """`price_fen` is the maker's guide price; `energy` a code of the vehicles room; `keeps` how well it holds its value (1 = ordinary);
    `demand` how fast it sells (1 = ordinary)."""

    id: str
    maker_code: str
    brand: str
    series: str
    name: str
    price_fen: int
    energy: str
    body: str
    keeps: float
    demand: float


def _model(
    id: str, maker: str, brand: str, series: str, name: str, thousands: int, energy: str, body: str, keeps: float, demand: float
) -> CarModel:
    return CarModel(id, maker, brand, series, name, thousands * 100_000, energy, body, keeps, demand)


MODELS = tuple(_model(*row) for row in (
    ("M1001", "LSV", "大众", "朗逸", "朗逸 1.5L 自动舒适版", 118, "petrol", "sedan", 1.02, 1.3),
    ("M1002", "LSV", "大众", "途观L", "途观L 330TSI 两驱智享版", 219, "petrol", "suv", 1.00, 1.1),
    ("M1003", "LSV", "大众", "帕萨特", "帕萨特 330TSI 豪华版", 209, "petrol", "sedan", 0.97, 1.0),
    ("M1101", "LFV", "大众", "速腾", "速腾 280TSI 飞越版", 139, "petrol", "sedan", 1.03, 1.2),
    ("M1102", "LFV", "大众", "迈腾", "迈腾 330TSI 豪华型", 219, "petrol", "sedan", 1.00, 1.1),
    ("M1103", "LFV", "奥迪", "A4L", "A4L 40 TFSI 时尚动感型", 329, "petrol", "sedan", 0.93, 1.0),
    ("M1104", "LFV", "奥迪", "Q5L", "Q5L 45 TFSI 尊享致雅型", 436, "petrol", "suv", 0.95, 0.9),
    ("M1201", "LFM", "丰田", "卡罗拉", "卡罗拉 双擎精英版", 139, "hybrid", "sedan", 1.12, 1.4),
    ("M1202", "LFM", "丰田", "RAV4荣放", "RAV4荣放 2.0L 都市版", 189, "petrol", "suv", 1.14, 1.3),
    ("M1203", "LVG", "丰田", "凯美瑞", "凯美瑞 2.5G 豪华版", 199, "petrol", "sedan", 1.13, 1.3),
    ("M1204", "LVG", "丰田", "汉兰达", "汉兰达 双擎两驱豪华版", 289, "hybrid", "suv", 1.18, 1.2),
    ("M1301", "LHG", "本田", "雅阁", "雅阁 锐·T动", 179, "petrol", "sedan", 1.08, 1.3),
    ("M1302", "LVH", "本田", "CR-V", "CR-V 240TURBO 两驱都市版", 189, "petrol", "suv", 1.10, 1.3),
    ("M1303", "LVH", "本田", "思域", "思域 240TURBO 燃动版", 139, "petrol", "sedan", 1.10, 1.4),
    ("M1401", "LGB", "日产", "轩逸", "轩逸 1.6L 悦享版", 119, "petrol", "sedan", 1.00, 1.3),
    ("M1402", "LGB", "日产", "奇骏", "奇骏 2.0L 豪华版", 189, "petrol", "suv", 0.97, 0.9),
    ("M1501", "LSG", "别克", "GL8", "GL8 陆上公务舱", 229, "petrol", "mpv", 1.04, 1.2),
    ("M1502", "LSG", "别克", "君威", "君威 552T 豪华型", 179, "petrol", "sedan", 0.88, 0.8),
    ("M1601", "LVS", "福特", "锐界", "锐界 2.0T 两驱豪锐型", 249, "petrol", "suv", 0.86, 0.7),
    ("M1701", "LBV", "宝马", "3系", "325Li M运动套装", 349, "petrol", "sedan", 0.97, 1.2),
    ("M1702", "LBV", "宝马", "X3", "X3 xDrive25i 豪华套装", 409, "petrol", "suv", 0.96, 1.0),
    ("M1801", "LE4", "奔驰", "C级", "C 260 L 运动版", 339, "petrol", "sedan", 0.97, 1.1),
    ("M1802", "LE4", "奔驰", "GLC", "GLC 260 L 动感型", 427, "petrol", "suv", 0.97, 1.0),
    ("M1901", "LB3", "吉利", "星越L", "星越L 领航版", 149, "petrol", "suv", 0.98, 1.0),
    ("M1902", "LB3", "吉利", "帝豪", "帝豪 1.5L CVT豪华型", 89, "petrol", "sedan", 0.93, 1.0),
    ("M1903", "LS5", "长安", "CS75 PLUS", "CS75 PLUS 1.5T 尊贵型", 129, "petrol", "suv", 0.96, 1.1),
    ("M1904", "LGW", "哈弗", "H6", "H6 1.5T 冠军版", 109, "petrol", "suv", 0.95, 1.1),
    ("M1905", "LVV", "奇瑞", "瑞虎8", "瑞虎8 1.6T 尊贵版", 129, "petrol", "suv", 0.91, 0.9),
    ("M2001", "LGX", "比亚迪", "秦PLUS", "秦PLUS DM-i 领先版", 109, "plug_in_hybrid", "sedan", 1.02, 1.3),
    ("M2002", "LGX", "比亚迪", "宋PLUS", "宋PLUS DM-i 尊荣型", 169, "plug_in_hybrid", "suv", 1.04, 1.3),
    ("M2003", "LGX", "比亚迪", "海豚", "海豚 自由版", 116, "pure_electric", "hatchback", 1.02, 1.1),
    ("M2004", "LC0", "比亚迪", "汉", "汉EV 尊贵型", 239, "pure_electric", "sedan", 1.00, 1.0),
    ("M2005", "LC0", "比亚迪", "元PLUS", "元PLUS 尊贵型", 149, "pure_electric", "suv", 1.01, 1.1),
    ("M2101", "LRW", "特斯拉", "Model Y", "Model Y 后轮驱动版", 249, "pure_electric", "suv", 1.06, 1.2),
    ("M2102", "LRW", "特斯拉", "Model 3", "Model 3 后轮驱动版", 235, "pure_electric", "sedan", 1.05, 1.2),
    ("M2201", "LW4", "理想", "L7", "L7 Pro", 319, "range_extended", "suv", 1.10, 1.1),
    ("M2202", "L1N", "小鹏", "P7", "P7 586E", 239, "pure_electric", "sedan", 0.86, 0.8),
    ("M2301", "LZW", "五菱", "凯捷", "凯捷 旗舰型", 119, "petrol", "mpv", 0.92, 0.9),
    ("M2302", "LZW", "五菱", "宏光MINIEV", "宏光MINIEV 轻松款", 37, "pure_electric", "hatchback", 0.90, 1.0),
    ("M2401", "LJX", "江铃", "全顺", "全顺 长轴中顶", 168, "diesel", "van", 1.00, 0.8),
    ("M2501", "LFW", "解放", "J7", "J7 牵引车", 389, "diesel", "truck", 0.94, 0.5),
    ("M2502", "LGA", "东风", "天龙旗舰", "天龙旗舰 牵引车", 429, "diesel", "truck", 0.93, 0.5),
))
BY_ID = {model.id: model for model in MODELS}


def of_maker(maker_code: str) -> tuple[CarModel, ...]:
    """The models of a maker's code; all of them for one that is not in the list."""
    return tuple(model for model in MODELS if model.maker_code == maker_code) or MODELS
