"""Surnames that do not read as their characters usually do."""

# Characters that read differently as a surname; a compound surname reads as one.
SURNAME_READINGS = {
    "单": "shan", "解": "xie", "查": "zha", "曾": "zeng", "仇": "qiu", "朴": "piao", "区": "ou", "任": "ren", "翟": "zhai",
    "盖": "ge", "乐": "yue", "缪": "miao", "覃": "qin", "冼": "xian", "员": "yun", "尉": "wei", "召": "shao", "种": "chong",
    "繁": "po", "折": "she", "牟": "mu", "万俟": "mo qi", "尉迟": "yu chi", "长孙": "zhang sun", "令狐": "ling hu",
}
