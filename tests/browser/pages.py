"""The pages that the browser visits; each room adds its own lines."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageCase:
    """One address to visit.

    Parameters
    ----------
    name
        Name of the screenshots, unique.
    path
        Address below the desk's root.
    role
        Who visits; ``public`` for nobody signed in.
    content
        A CSS selector of something that must be there, with and without JavaScript.
    status
        The HTTP status that is right for the page.
    """

    name: str
    path: str
    role: str = "duty_officer"
    content: str = "main h1"
    status: int = 200


PAGES: list[PageCase] = [
    PageCase("components", "/ui/components/", content=".stat"),
    PageCase("help", "/ui/help/", content=".keys"),
    PageCase("search-nothing", "/ui/search/?q=zzzz", content=".empty-state"),
    PageCase("not-found", "/there/is/nothing/here", status=404),
    PageCase("public", "/public/", role="public"),
]
