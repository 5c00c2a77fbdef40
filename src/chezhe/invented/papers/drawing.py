"""Drawing a paper: tinted ground with fine lines, labels in a colour, a portrait where there is one, the contents in black."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw, ImageFont

from chezhe.invented.papers.contents import Contents

_INK, _LABEL, _FINE, _SAMPLE = (24, 24, 28), (38, 66, 120), (205, 217, 226), (150, 120, 120)
_CARD = (1010, 638)


class Sheet:
    """One paper that is being drawn; sizes and places in pixels."""

    def __init__(self, size: tuple[int, int], ground: tuple[int, int, int], font: Path) -> None:
        self.picture = Image.new("RGB", size, ground)
        self.pen, self.font = ImageDraw.Draw(self.picture), font
        for offset in range(-size[1], size[0], 34):
            self.pen.line([(offset, size[1]), (offset + size[1], 0)], fill=_FINE, width=1)
        # Nobody shall take it for a real one.
        self.text(size[0] - 150, size[1] - 44, "样本", 26, _SAMPLE)

    def text(self, x: int, y: int, words: str, size: int = 30, colour: tuple[int, int, int] = _INK, spacing: int = 0) -> None:
        """Words from their upper left corner, with `spacing` more between two characters."""
        face = _face(str(self.font), size)
        if not spacing:
            self.pen.text((x, y), words, font=face, fill=colour)
            return
        for character in words:
            self.pen.text((x, y), character, font=face, fill=colour)
            x += round(face.getlength(character)) + spacing

    def pair(self, x: int, y: int, label: str, value: str, *, gap: int, size: int = 30) -> None:
        """A label and, `gap` to its right, what it says."""
        self.text(x, y, label, size, _LABEL)
        self.text(x + gap, y, value, size)

    def portrait(self, box: tuple[int, int, int, int]) -> None:
        """A head before a light wall: nothing that could be read."""
        left, top, right, bottom = box
        self.pen.rectangle(box, fill=(196, 210, 222))
        width, height = right - left, bottom - top
        self.pen.ellipse([left + width * 0.28, top + height * 0.16, left + width * 0.72, top + height * 0.6], fill=(226, 190, 164))
        coat = [left + width * 0.08, top + height * 0.58, right - width * 0.08, bottom + height * 0.4]
        self.pen.pieslice(coat, 180, 360, fill=(60, 70, 92))


@lru_cache(maxsize=40)
def _face(font: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font, size)


def drawn(kind: str, contents: Contents, *, font: Path) -> Image.Image:
    """The paper as a clean scan (RGB). Raises KeyError for a kind that there is none of."""
    return _DRAWN[kind](contents, font)


def _id_front(said: Contents, font: Path) -> Image.Image:
    sheet = Sheet(_CARD, (232, 240, 246), font)
    born = date.fromisoformat(said["born_on"])
    sheet.pair(70, 70, "姓名", said["name"], gap=110, size=36)
    sheet.pair(70, 150, "性别", said["sex"], gap=110, size=32)
    sheet.pair(270, 150, "民族", said["nation"], gap=100, size=32)
    sheet.pair(70, 226, "出生", f"{born.year} 年 {born.month} 月 {born.day} 日", gap=110, size=32)
    sheet.text(70, 304, "住址", 32, _LABEL)
    for place, line in enumerate(_wrapped(said["address"], 13)):
        sheet.text(180, 304 + 50 * place, line, 32)
    sheet.portrait((690, 90, 940, 420))
    sheet.text(70, 520, "公民身份号码", 32, _LABEL)
    sheet.text(330, 518, said["id_number"], 38, spacing=4)
    return sheet.picture


def _wrapped(text: str, width: int) -> list[str]:
    return [text[start:start + width] for start in range(0, len(text), width)]


def _id_back(said: Contents, font: Path) -> Image.Image:
    sheet = Sheet(_CARD, (234, 240, 238), font)
    sheet.pen.ellipse([80, 70, 220, 210], fill=(200, 60, 52))
    sheet.text(300, 80, "中华人民共和国", 44, spacing=12)
    sheet.text(300, 170, "居民身份证", 56, spacing=30)
    until = said["valid_to"] if said["valid_to"] == "长期" else _dotted(said["valid_to"])
    sheet.pair(190, 440, "签发机关", said["authority"], gap=180, size=32)
    sheet.pair(190, 520, "有效期限", f"{_dotted(said['valid_from'])}-{until}", gap=180, size=32)
    return sheet.picture


def _dotted(day: str) -> str:
    return day.replace("-", ".")


def _vehicle_licence(said: Contents, font: Path) -> Image.Image:
    sheet = Sheet((1060, 720), (238, 242, 250), font)
    sheet.text(150, 40, "中华人民共和国机动车行驶证", 44, (150, 40, 40), spacing=8)
    sheet.pair(60, 140, "号牌号码", said["plate"], gap=170, size=32)
    sheet.pair(540, 140, "车辆类型", said["vehicle_type"], gap=170, size=32)
    sheet.pair(60, 210, "所有人", said["owner"], gap=170, size=32)
    sheet.pair(60, 280, "住址", said["address"], gap=120, size=30)
    sheet.pair(60, 350, "使用性质", said["usage"], gap=170, size=32)
    sheet.pair(420, 350, "品牌型号", said["model"], gap=170, size=32)
    sheet.pair(60, 430, "车辆识别代号", said["vin"], gap=240, size=34)
    sheet.pair(60, 510, "发动机号码", said["engine_no"], gap=210, size=34)
    sheet.pair(60, 600, "注册日期", said["registered_on"], gap=160, size=32)
    sheet.pair(560, 600, "发证日期", said["issued_on"], gap=160, size=32)
    return sheet.picture


def _registration_certificate(said: Contents, font: Path) -> Image.Image:
    sheet = Sheet((1180, 1000), (240, 244, 238), font)
    sheet.text(330, 40, "机动车登记证书", 52, (150, 40, 40), spacing=14)
    rows = [
        ("证书编号", "certificate_no", 180), ("机动车所有人", "owner", 260), ("身份证明号码", "owner_id_number", 260),
        ("登记机关", "authority", 180), ("登记日期", "registered_on", 180), ("机动车登记编号", "plate", 290), ("车辆品牌", "brand", 180),
        ("车辆型号", "model", 180), ("车身颜色", "colour", 180), ("车辆识别代号", "vin", 260), ("发动机号", "engine_no", 180),
    ]
    for place, (label, name, gap) in enumerate(rows):
        sheet.pair(90, 150 + 74 * place, label, said[name], gap=gap, size=34)
    return sheet.picture


def _bank_card(said: Contents, font: Path) -> Image.Image:
    sheet = Sheet(_CARD, (226, 226, 238), font)
    sheet.text(70, 60, said["bank_name"], 46, spacing=6)
    sheet.text(760, 70, "储蓄卡", 36, _LABEL)
    sheet.pen.rounded_rectangle([80, 190, 200, 280], 14, fill=(214, 184, 110))
    number = said["card_number"]
    sheet.text(80, 330, " ".join(number[start:start + 4] for start in range(0, len(number), 4)), 54)
    sheet.pair(80, 480, "有效期", said["valid_thru"], gap=140, size=34)
    sheet.text(800, 540, "银联", 44, (160, 40, 40))
    return sheet.picture


def _used_car_invoice(said: Contents, font: Path) -> Image.Image:
    sheet = Sheet((1300, 900), (246, 242, 236), font)
    sheet.text(360, 40, "二手车销售统一发票", 50, (150, 60, 30), spacing=12)
    sheet.pair(80, 150, "发票代码", said["invoice_code"], gap=170, size=32)
    sheet.pair(740, 150, "发票号码", said["invoice_number"], gap=170, size=32)
    sheet.pair(80, 220, "开票日期", said["invoiced_on"], gap=170, size=32)
    sheet.pair(80, 310, "买方名称", said["buyer"], gap=170, size=32)
    sheet.pair(560, 310, "买方身份证号码", said["buyer_id_number"], gap=270, size=32)
    sheet.pair(80, 390, "卖方名称", said["seller"], gap=170, size=32)
    sheet.pair(80, 470, "车牌照号", said["plate"], gap=170, size=32)
    sheet.pair(560, 470, "登记证号", said["certificate_no"], gap=170, size=32)
    sheet.pair(80, 550, "车架号", said["vin"], gap=140, size=34)
    sheet.pair(700, 550, "厂牌型号", said["model"], gap=170, size=32)
    sheet.pair(80, 650, "车价合计小写", f"¥{said['price']}", gap=250, size=36)
    return sheet.picture


_DRAWN: dict[str, Callable[[Contents, Path], Image.Image]] = {
    "id_front": _id_front, "id_back": _id_back, "vehicle_licence": _vehicle_licence,
    "registration_certificate": _registration_certificate, "bank_card": _bank_card, "used_car_invoice": _used_car_invoice,
}


def landscape(seed: int) -> Image.Image:
    """A photo of something else: hills under a sky, a few cars; no word on it."""
    rng = Random(f"landscape:{seed}")
    picture = Image.new("RGB", _CARD, (150, 190, 225))
    pen = ImageDraw.Draw(picture)
    for _ in range(6):
        x, width, height = rng.randrange(-200, 1000), rng.randrange(200, 600), rng.randrange(120, 420)
        pen.ellipse([x, 520 - height, x + width, 700], fill=(rng.randrange(60, 110), rng.randrange(110, 160), rng.randrange(50, 90)))
    for _ in range(4):
        x = rng.randrange(40, 850)
        pen.rounded_rectangle([x, 540, x + 120, 590], 14, fill=(rng.randrange(256), rng.randrange(256), rng.randrange(256)))
        pen.ellipse([x + 12, 575, x + 44, 607], fill=(20, 20, 20))
        pen.ellipse([x + 76, 575, x + 108, 607], fill=(20, 20, 20))
    return picture
