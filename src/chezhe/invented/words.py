"""Names of invented people, firms and places of work. A likeness to real ones is accidental."""

from __future__ import annotations

from chezhe.invented.chance import Chance

SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜谢邹章苏潘葛范彭鲁韦马苗方俞任袁柳鲍史唐费薛雷贺倪汤"
GIVEN = "明华强芳静磊军洋勇艳杰娟涛超秀霞平刚桂英志伟红玉兰晨曦子轩雨桐浩然思远嘉怡文博梓涵天佑安宁若溪景行书瑶怀瑾"
FIRM_WORDS = "澄江远山禾木青石云栖朗月北辰南屿星野苍梧清渠晓川沐风砺锋望舒麦田竹间"
TRADES = ("物流", "商贸", "建材", "餐饮管理", "汽车服务", "电子科技", "纺织", "机械制造", "软件", "物业服务", "教育咨询", "医疗器械")
CITIES = {
    "11": ("北京",), "12": ("天津",), "31": ("上海",), "50": ("重庆",), "32": ("南京", "苏州", "无锡", "南通"),
    "33": ("杭州", "宁波", "温州", "嘉兴"), "34": ("合肥", "芜湖"), "35": ("福州", "厦门", "泉州"), "36": ("南昌", "赣州"),
    "37": ("济南", "青岛", "临沂"), "41": ("郑州", "洛阳"), "42": ("武汉", "襄阳"), "43": ("长沙", "衡阳"),
    "44": ("广州", "深圳", "佛山", "东莞"), "45": ("南宁", "柳州"), "51": ("成都", "绵阳"), "61": ("西安", "宝鸡"),
}
CITIES_ELSEWHERE = ("石家庄", "太原", "沈阳", "长春", "昆明", "贵阳")
BANKS = ("澄江银行", "远山银行", "北辰银行", "南屿银行", "禾木农商银行", "朗月银行")
CONSUMER_LENDERS = ("青石消费金融", "云栖消费金融", "星野小额贷款", "麦田小额贷款", "望舒汽车金融")
COURTS = ("人民法院",)


def person_name(chance: Chance, name: str = "name") -> str:
    """Two or three characters."""
    draws = chance.stream(name)
    return draws.choice(SURNAMES) + "".join(draws.sample(GIVEN, draws.choice((1, 2, 2))))


def firm_name(chance: Chance, name: str = "firm") -> str:
    """A limited company with its trade."""
    draws = chance.stream(name)
    start = draws.randrange(len(FIRM_WORDS) // 2) * 2
    return f"{FIRM_WORDS[start:start + 2]}{draws.choice(GIVEN)}{draws.choice(TRADES)}有限公司"


def city_of(chance: Chance, province_code: str) -> str:
    """A city of the province."""
    return chance.one_of("city", CITIES.get(province_code, CITIES_ELSEWHERE))


def mobile_number(chance: Chance, name: str) -> str:
    """A mobile of the prefix that nobody is given."""
    return f"154{chance.whole(name, 0, 10**8 - 1):08d}"
