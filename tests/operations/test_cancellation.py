from __future__ import annotations

import pytest

from platform_pulumi.errors import Cancelled
from platform_pulumi.operations.cancellation import Cancellation


def test_nothing_is_begun_once_it_was_asked_for() -> None:
    token, begun = Cancellation(), False
    token.check()
    token.cancel()
    assert token.cancelled
    with pytest.raises(Cancelled), token.shield():
        begun = True
    assert not begun
    assert not token.shielded


def test_what_is_shielded_ends_before_the_request_is_answered() -> None:
    token, done = Cancellation(), []

    def work() -> None:
        with token.shield():
            token.cancel()
            done.append(token.shielded)

    with pytest.raises(Cancelled):
        work()
    assert done == [True]
    assert not token.shielded


def test_what_fails_while_it_is_shielded_says_so_itself() -> None:
    token = Cancellation()

    def work() -> None:
        with token.shield():
            token.cancel()
            raise BrokenPipeError("nobody reads")

    with pytest.raises(BrokenPipeError):
        work()
    assert not token.shielded
