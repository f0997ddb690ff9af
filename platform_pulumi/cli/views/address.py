"""Views of an address: the URL alone on stdout, so that it can be used; the rest goes to stderr."""

from __future__ import annotations

from typing import Any

from platform_pulumi.cli.views.markdown.text import code
from platform_pulumi.cli.views.page import Page, clean
from platform_pulumi.operations.address import Address


def human(found: Address) -> Page:
    """Format the address."""
    page = Page()
    page.line(found.endpoint)
    return page


def document(found: Address) -> dict[str, Any]:
    """Encode as `{capability, type, endpoint, web}`, and `whyNot` where no browser can open it."""
    return {
        "capability": found.capability,
        "type": found.type,
        "endpoint": found.endpoint,
        "web": found.web,
        **({"whyNot": found.why_not} if found.why_not else {}),
    }


def markdown(found: Address) -> str:
    """Format as one line."""
    return f"{code(found.capability)}: {code(found.endpoint)}\n"


def explanation(found: Address) -> str:
    """Explain why no browser opens."""
    return clean(found.why_not)


def opening(done: bool) -> str:
    """Say whether the browser opened."""
    return "Opened in the browser." if done else "No browser could be started; the address is above."
