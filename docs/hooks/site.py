"""What the documentation takes from the code when it is built, so that it cannot go stale.

MkDocs calls these functions by their names. They lay out the navigation from the folders, add
the files of the repository's root as pages, and fill in the command line's help.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import click
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ROOT = Path(__file__).resolve().parents[2]
SECTIONS = {
    "tutorials": "Tutorials",
    "how-to": "How-to guides",
    "reference": "Reference",
    "explanation": "Explanation",
    "adr": "Decisions",
    "model-cards": "Model cards",
    "project": "The project",
}
ROOT_FILES = ("THREAT_MODEL.md", "SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md")
COMMANDS = "<!-- commands -->"
_LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)(#[^)]*)?\)")


def pages_of(docs: Path, section: str) -> list[str]:
    """Return the pages of a section: its index first, the others by file name."""
    names = sorted(path.name for path in (docs / section).glob("*.md"))
    names.sort(key=lambda name: name != "index.md")
    return [f"{section}/{name}" for name in names]


def page_of(root_file: str) -> str:
    """Return where a file of the root stands on the site."""
    return f"project/{root_file.removesuffix('.md').lower().replace('_', '-')}.md"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Lay out the navigation: home, then the sections in their order."""
    docs = Path(config.docs_dir)
    layout: list[Any] = ["index.md"]
    for section, title in SECTIONS.items():
        if section == "project":
            pages = [page_of(name) for name in ROOT_FILES if (ROOT / name).is_file()]
        else:
            pages = pages_of(docs, section)
        if pages:
            layout.append({title: pages})
    config.nav = layout
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the files of the repository's root as pages."""
    from mkdocs.structure.files import File

    for name in ROOT_FILES:
        if (ROOT / name).is_file():
            text = relink((ROOT / name).read_text(encoding="utf-8"))
            files.append(File.generated(config, page_of(name), content=text))
    return files


def relink(text: str) -> str:
    """Turn links that hold in the root into links that hold in ``project/``.

    A link to a file that is no page keeps its words and loses its target.
    """

    def moved(match: re.Match[str]) -> str:
        target, anchor = match[1], match[2] or ""
        if target in ROOT_FILES:
            return f"]({Path(page_of(target)).name}{anchor})"
        if target.startswith("docs/"):
            return f"](../{target.removeprefix('docs/')}{anchor})"
        return "](#)"

    return _LINK.sub(moved, text)


def on_page_markdown(markdown: str, **_event: Any) -> str:
    """Fill in the help of every command."""
    if COMMANDS not in markdown:
        return markdown
    from typer.main import get_command

    from qalqan.cli.app import app

    return markdown.replace(COMMANDS, "\n".join(describe(get_command(app), "qalqan")))


def describe(command: click.Command, path: str) -> Iterator[str]:
    """Yield the Markdown lines of a command and of those below it."""
    below = getattr(command, "commands", {})
    if path != "qalqan":
        yield f"## {path}\n" if path.count(" ") == 1 else f"### {path}\n"
    yield f"{_plain(command.help)}\n"
    if not below:
        yield from _usage(command, path)
    if command.epilog and path != "qalqan":
        yield f"{_examples(command.epilog)}\n"
    for name, sub in below.items():
        yield from describe(sub, f"{path} {name}")


def _usage(command: click.Command, path: str) -> Iterator[str]:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    words = [path, *(p.name.upper() for p in arguments), *(["[OPTIONS]"] if options else [])]
    yield f"```\n{' '.join(words)}\n```\n"
    if not arguments and not options:
        return
    yield "| | | default |\n|---|---|---|"
    for item in arguments:
        yield f"| `{item.name.upper()}` | {_plain(getattr(item, 'help', ''))} | needed |"
    for item in options:
        names = ", ".join(f"`{name}`" for name in (*item.opts, *item.secondary_opts))
        yield f"| {names} | {_plain(getattr(item, 'help', ''))} | {_default(item)} |"
    yield ""


def _default(item: click.Parameter) -> str:
    if item.required:
        return "needed"
    value = item.default
    if value is None or value == "" or callable(value):
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"`{value}`"


def _plain(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|").replace("<", "&lt;")


def _examples(epilog: str) -> str:
    head, _, rest = epilog.partition(": ")
    lines = "\n".join(part.strip() for part in rest.split(" · "))
    return f"{head}:\n\n```\n{lines}\n```"
