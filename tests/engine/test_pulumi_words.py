"""Pulumi's own messages, in words of the platform."""

from __future__ import annotations

import pytest

from platform_pulumi.engine.pulumi_words import explained


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "error: getting stack configuration: get stack secrets manager: failed to decrypt: incorrect passphrase,"
            " please set PULUMI_CONFIG_PASSPHRASE to the correct passphrase",
            "The passphrase is not the one that the secrets in this state were encrypted with. Set PULUMI_CONFIG_",
        ),
        (
            "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
            "The state backend is Pulumi Cloud, which asks who is there: set PULUMI_ACCESS_TOKEN",
        ),
        (
            "error: save stack config: write /t/Pulumi.dev.yaml: no space left on device",
            "The disk is full: /t/Pulumi.dev.",
        ),
        ("error: open /s/a.json: read-only file system", "/s/a.json is on a disk that cannot be written to."),
        (
            "====\nThe Pulumi CLI encountered a fatal error. This is a bug!\nPanic:   nil pointer\n\ngoroutine 1",
            "Pulumi itself broke off (nil pointer). Run this again",
        ),
        (" error: something else\n", "error: something else"),
    ],
)
def test_what_pulumi_says_is_told_with_what_to_do_here(said: str, told: str) -> None:
    assert explained(said).startswith(told)
    assert "goroutine" not in explained(said)
