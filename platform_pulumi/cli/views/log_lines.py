"""Views of a log line, for a person and for a program. What others write passes `clean`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from platform_pulumi.cli.views.page import clean
from platform_pulumi.sdk.runtime import LogLine


def human(sources: Sequence[str]) -> Callable[[LogLine], str]:
    """Format `api-1 | text`; the text alone where nobody else writes."""
    if len(sources) == 1:
        return lambda line: f"{clean(line.text)}\n"
    width = max(map(len, sources), default=0)
    return lambda line: f"{clean(line.source):<{width}} | {clean(line.text)}\n"


def document(line: LogLine) -> str:
    """Encode as `{"source": ..., "text": ...}` on a line of its own; the text as it was written."""
    return json.dumps({"source": line.source, "text": line.text}, ensure_ascii=False) + "\n"


def note(text: str) -> str:
    """Format a remark about the log."""
    return clean(f"note: {text}")
