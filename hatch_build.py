"""Compile the gettext catalogues while the package is built.

The compiled files are not kept in the repository, and a fresh machine has no ``msgfmt``;
Babel does the work in pure Python, for wheels and editable installs alike.
"""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueBuildHook(BuildHookInterface):
    """Write a ``.mo`` file beside every ``.po`` file below ``src``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for source in Path(self.root, "src").rglob("LC_MESSAGES/*.po"):
            with source.open("rb") as handle:
                catalogue = read_po(handle, locale=source.parts[-3])
            with source.with_suffix(".mo").open("wb") as handle:
                write_mo(handle, catalogue)
