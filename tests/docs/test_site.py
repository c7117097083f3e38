"""The hooks of the site: navigation, pages from the root, help of the commands; and the links."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from typer.main import get_command

from qalqan.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def hooks() -> ModuleType:
    spec = importlib.util.spec_from_file_location("site_hooks", DOCS / "hooks" / "site.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def leaves(command, path: str) -> list[str]:
    below = getattr(command, "commands", {})
    return [leaf for name, sub in below.items() for leaf in leaves(sub, f"{path} {name}")] or [path]


def test_every_command_and_option_is_on_the_page(hooks):
    page = hooks.on_page_markdown((DOCS / "reference" / "command-line.md").read_text("utf-8"))
    commands = leaves(get_command(app), "qalqan")
    assert "qalqan import messages" in commands
    for command in commands:
        assert re.search(rf"^##+ {command}$", page, re.M), command
    for option in ("--keep-good", "--as-of", "--passphrase-file", "--worker", "--no-worker"):
        assert f"`{option}`" in page, option
    assert hooks.COMMANDS not in page


def test_a_page_without_the_mark_is_left_as_it_is(hooks):
    assert hooks.on_page_markdown("# Plain\n") == "# Plain\n"


def test_the_navigation_has_every_page_once(hooks):
    class Config:
        docs_dir = str(DOCS)
        nav = None

    layout = hooks.on_config(Config()).nav
    pages = [page for part in layout[1:] for group in part.values() for page in group]
    on_disk = {f"{path.parent.name}/{path.name}" for path in DOCS.glob("*/*.md")}
    assert on_disk <= set(pages)
    assert len(pages) == len(set(pages))
    for part in layout[1:]:
        ((title, group),) = part.items()
        if title != "The project":
            assert group[0].endswith("/index.md"), title


def test_links_of_root_files_are_led_to_their_pages(hooks):
    text = "[a](THREAT_MODEL.md) [b](docs/adr/index.md#x) [c](LICENSE) [d](https://x.kz)"
    assert hooks.relink(text) == (
        "[a](threat-model.md) [b](../adr/index.md#x) [c](#) [d](https://x.kz)"
    )


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
def test_links_of_root_files_point_to_files(name):
    links = LINK.findall((ROOT / name).read_text(encoding="utf-8"))
    local = [link.partition("#")[0] for link in links if "://" not in link]
    assert [link for link in local if link and not (ROOT / link).exists()] == []


def test_pictures_are_small_and_used():
    used = {
        Path(link).name
        for path in [*DOCS.rglob("*.md"), ROOT / "README.md"]
        for link in LINK.findall(path.read_text(encoding="utf-8"))
    }
    pictures = list((DOCS / "images").iterdir())
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < 200_000, picture.name
        assert picture.name in used, picture.name
