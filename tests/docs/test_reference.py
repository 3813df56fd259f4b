"""The reference is what the code says, and documentation leads nowhere that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline import config
from pipeline.cli import parser
from pipeline.reference import FOLDER, ROOT, pages, write
from tests.test_commands import commands

DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def test_the_reference_is_current() -> None:
    there = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / FOLDER).glob("*.md")}
    assert there == pages(), "run `python -m pipeline.reference`"


def test_the_reference_has_every_command_option_and_setting() -> None:
    text = pages()
    for name in commands():
        assert f"\n## {name}\n" in text["commands.md"]
    (choices,) = [one for one in parser()._actions if hasattr(one, "choices") and one.choices]
    for sub in choices.choices.values():  # type: ignore[union-attr]
        assert all(
            option in text["commands.md"]
            for one in sub._actions
            for option in one.option_strings
            if one.help != "==SUPPRESS==" and one.dest != "help"
        )
    for field in config.Config.__dataclass_fields__:
        assert field == "root" or f"`{field}`" in text["configuration.md"]
    assert [code for code in (0, 1, 2, 3, 64, 130) if f"| `{code}` |" not in text["exit-codes.md"]] == []


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    for name, text in pages().items():
        for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
            counts = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
            assert len(counts) == 1, (name, block)


def test_writing_again_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "templates").symlink_to(ROOT / "templates")
    assert len(write(tmp_path)) == len(pages())
    assert write(tmp_path) == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_link_leads_to_a_file_or_heading_that_is_not_there(path: Path) -> None:
    text = re.sub(r"^(?: {4}.*|```.*?^```)$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"`[^`\n]*`", "", text) if path.parent.name != "reference" else text
    wrong = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target) or target.startswith("../gradient") or path.name == "writing.md":
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        if not file.exists() or (anchor and anchor not in _ids(file)):
            wrong.append(target)
    assert wrong == []


def _ids(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
