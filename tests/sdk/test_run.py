"""What a run is given holds secrets, and shows none."""

from __future__ import annotations

from platform_pulumi.sdk.run import ProviderRun


def test_resolved_settings_of_a_provider_are_not_shown() -> None:
    assert "canary" not in repr(ProviderRun("acme", {"token": "canary"}))
