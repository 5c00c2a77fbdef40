"""Honest statements of four banks, made line by line, for tests to bend."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from openpyxl import Workbook

HOLDER, ACCOUNT, FIRM = "林晓燕", "6222021001112223338", "杭州云帆科技有限公司"


@dataclass(frozen=True)
class Move:
    """One movement before it is printed; sums in fen."""

    at: datetime
    amount: int
    party: str
    number: str
    summary: str


def honest(months: int = 7, start: date = date(2025, 8, 1), salary: int = 12_500_00) -> list[Move]:
    """Wages on the 10th, rent on the 15th, shopping, and the bank's interest on its days."""
    moves = []
    for number in range(months):
        year, month = divmod(start.month - 1 + number, 12)
        on = date(start.year + year, month + 1, 1)
        moves += [
            move(on, 10, salary + number * 100_00, FIRM, "1202020109900012345", "代发工资", 9),
            move(on, 15, -3_000_00, "王建国", "6217001210001234567", "房租", 20),
            move(on, 18, -1_500_00, "盒马鲜生杭州店", "", "消费", 12), move(on, 25, -2_000_00, "财付通", "", "快捷支付", 15),
        ]
        if on.month in (3, 6, 9, 12):
            moves.append(move(on, 21, 5_00, "", "", "结息", 2))
    return sorted(moves, key=lambda one: one.at)


def move(month: date, day: int, amount: int, party: str, number: str, summary: str, hour: int = 10) -> Move:
    """One movement of a month."""
    return Move(datetime(month.year, month.month, day, hour, 5, 7), amount, party, number, summary)


def printed(moves: Sequence[Move], layout: str = "icbc", opening: int = 20_000_00, newest_first: bool = False) -> list[list[str]]:
    """The grid of a statement: letterhead, headings, one line a movement, a closing remark."""
    left, lines = opening, []
    for one in moves:
        left += one.amount
        lines.append(_ROWS[layout](one, _yuan(one.amount, sign=True), _yuan(left)))
    to_on = (max(one.at for one in moves).date().replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    period = f"{min(one.at for one in moves).date().replace(day=1)} 至 {to_on}"
    head = [[f"{_NAMES[layout]}个人账户交易明细"], [f"户名：{HOLDER}", f"卡号：{ACCOUNT}"], [f"起止日期：{period}"]]
    return [*head, _HEADINGS[layout], *(lines[::-1] if newest_first else lines), ["以上信息仅供参考"]]


def csv_of(grid: Sequence[Sequence[str]], encoding: str = "gb18030") -> bytes:
    """As a bank's export."""
    return "\r\n".join(",".join(f'"{cell}"' for cell in line) for line in grid).encode(encoding)


def xlsx_of(grid: Sequence[Sequence[str]]) -> bytes:
    """As a workbook, with sums as text."""
    book, held = Workbook(), io.BytesIO()
    sheet = book.active
    for line in grid:
        sheet.append(list(line))
    book.save(held)
    return held.getvalue()


def pdf_of(grid: Sequence[Sequence[str]]) -> bytes:
    """As a printed table."""
    import typst

    from chezhe.documents.papers import press

    head = next(at for at, line in enumerate(grid) if len(line) > 5)
    cells = "".join(f"[{_escaped(cell)}]," for line in grid[head:] for cell in [*line, *[""] * (len(grid[head]) - len(line))])
    above = "\\\n".join("  ".join(_escaped(cell) for cell in line) for line in grid[:head])
    source = (
        '#set page(width: 420mm, height: 297mm, margin: 8mm)\n#set text(font: "Noto Sans SC", size: 6pt)\n'
        f"{above}\n\n#table(columns: {len(grid[head])}, stroke: none, {cells})"
    )
    fonts = [str(folder) for folder in press.font_folders() if folder.is_dir()]
    return bytes(typst.compile(source.encode(), font_paths=fonts, ignore_system_fonts=True))


def _escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in "#[]*_$@<>\\`/=-+~" else sign for sign in text)


def _yuan(amount: int, sign: bool = False) -> str:
    return f"{'+' if sign and amount > 0 else ''}{amount / 100:,.2f}"


_NAMES = {"icbc": "中国工商银行", "abc": "中国农业银行", "boc": "中国银行", "ccb": "中国建设银行"}
_HEADINGS = {
    "icbc": ["交易日期", "账号", "储种", "序号", "币种", "钞汇", "摘要", "地区", "收入/支出金额", "余额", "对方户名", "对方账号", "渠道"],
    "abc": ["交易日期", "交易时间", "摘要", "交易金额", "本次余额", "对手信息", "日志号", "交易渠道", "交易附言"],
    "boc": ["记账日期", "记账时间", "币别", "金额", "余额", "交易名称", "渠道", "网点名称", "附言", "对方账户名", "对方卡号/账号", "对方开户行"],
    "ccb": ["序号", "摘要", "币别", "钞汇", "交易日期", "交易金额", "账户余额", "交易地点/附言", "对方账号与户名"],
}
_ROWS = {
    "icbc": lambda one, amount, left: [
        f"{one.at:%Y-%m-%d %H:%M:%S}", ACCOUNT, "活期", "0", "人民币", "钞", one.summary, "1202", amount, left, one.party, one.number, "网银"],
    "abc": lambda one, amount, left: [f"{one.at:%Y%m%d}", f"{one.at:%H%M%S}", one.summary, amount, left, f"{one.number} {one.party}", "1", "网银", ""],
    "boc": lambda one, amount, left: [
        f"{one.at:%Y-%m-%d}", f"{one.at:%H:%M:%S}", "人民币", amount, left, one.summary, "网银", "", "", one.party, one.number, ""],
    "ccb": lambda one, amount, left: ["1", one.summary, "人民币", "钞", f"{one.at:%Y%m%d}", amount, left, "网银", f"{one.number}/{one.party}"],
}
