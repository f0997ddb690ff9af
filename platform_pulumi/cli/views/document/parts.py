"""Pieces that several documents share."""

from __future__ import annotations

from typing import Any

from platform_pulumi.errors import Position, Problem


def position(value: Position) -> dict[str, Any]:
    """`{file, line, column}`."""
    return {"file": value.file, "line": value.line, "column": value.column}


def problem(value: Problem) -> dict[str, Any]:
    """`{code, summary, detail, file, line, column}`, the place null where there is none; `also`: places beside it."""
    at = value.position
    return {
        "code": value.code,
        "summary": value.summary,
        "detail": value.detail,
        "file": at.file if at else None,
        "line": at.line if at else None,
        "column": at.column if at else None,
        **({"also": [position(other) for other in value.also]} if value.also else {}),
        **({"warning": True} if value.warning else {}),
    }
