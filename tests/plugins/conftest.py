"""The generated SDKs warn of their own deprecated types as they are imported; that is not about our code."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("filterwarnings", r"ignore::DeprecationWarning:pulumi_(aws|eks|kubernetes)\b.*")
