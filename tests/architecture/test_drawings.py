"""The drawings in docs/architecture are what the code says, and its page knows every room."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from xml.etree import ElementTree

from chezhe.cli.commands import drawings
from chezhe.kernel.machine import Machine
from tests.architecture import house
from tests.architecture.house import report

SVG = "{http://www.w3.org/2000/svg}"


def test_the_drawings_are_up_to_date() -> None:
    late = [str(path.relative_to(house.ROOT)) for path in drawings.stale()]
    assert not late, report([*late, "type  .venv/bin/chezhe drawings"])


def test_a_changed_drawing_is_noticed(tmp_path: Path) -> None:
    for name, said in drawings.drawings().items():
        (tmp_path / name).write_text(said, encoding="utf-8")
    assert drawings.stale(tmp_path) == []
    page = tmp_path / "machines.md"
    page.write_text(page.read_text(encoding="utf-8").replace("  active --> settled: settle\n", ""), encoding="utf-8")
    (tmp_path / "map.svg").unlink()
    assert [path.name for path in drawings.stale(tmp_path)] == ["map.svg", "machines.md"]


def test_the_map_draws_every_room_once_and_above_what_it_may_import() -> None:
    texts = [text for text in ElementTree.fromstring(drawings.map_of(drawings.layers())).iter(f"{SVG}text") if "class" not in text.attrib]
    drawn = {(text.text or "").split()[0]: int(text.attrib["y"]) for text in texts}
    built = {path.parent.name for path in house.SOURCE.glob("*/__init__.py")}
    assert drawn.keys() == built
    upside_down = [(upper, lower) for upper in drawn for lower in drawn if house.storey(upper) < house.storey(lower) and drawn[upper] >= drawn[lower]]
    assert upside_down == []


def test_every_machine_is_drawn_with_every_move() -> None:
    page = drawings.machines()
    modules = [importlib.import_module(f"chezhe.{path.parent.name}.states") for path in house.SOURCE.glob("*/states.py")]
    machines = [value for module in modules for value in vars(module).values() if isinstance(value, Machine)]
    assert len(machines) > 10
    missing = [
        f"{at} --> {to}: {verb}"
        for machine in machines
        for (at, verb), to in machine.moves.items()
        if f"  {at} --> {to}: {verb}\n" not in page
    ]
    assert not missing, report(missing)


def test_every_status_has_its_english() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*) \| (.*) \|$", drawings.machines(), re.MULTILINE)
    assert rows and [row for row in rows if not all(row)] == []


def test_the_page_names_every_room_and_no_link_of_the_docs_is_dead() -> None:
    page = (house.ROOT / "docs" / "architecture" / "README.md").read_text(encoding="utf-8")
    rooms = [folder.parent.name for folder in house.SOURCE.glob("*/__init__.py")]
    assert [room for room in rooms if f"`{room}`" not in page] == []
    dead = [
        f"{path.relative_to(house.ROOT)}: {link}"
        for path in house.tracked("docs/**/*.md", "docs/*.md")
        for link in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8"))
        if "://" not in link and not (path.parent / link).exists()
    ]
    assert not dead, report(dead)
