"""Signals to a process that hosts one command: what they do to an operation, and where it is not under way."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

#: Sends itself a signal, within a shield or outside of one, and says what became of it.
SHIELDED = """
import os, sys
from platform_pulumi.cli import signals
from platform_pulumi.errors import Cancelled
from platform_pulumi.operations.cancellation import Cancellation
token, number = Cancellation(), int(sys.argv[1])
signals.interrupt()
signals.cancel(token)
try:
    with token.shield():
        os.kill(os.getpid(), number)
        os.kill(os.getpid(), number)
        print("finished in order", token.requests)
except Cancelled:
    print("cancelled")
print("shielded", token.shielded)
try:
    os.kill(os.getpid(), number)
    print("went on")
except KeyboardInterrupt:
    print("interrupted", token.requests)
"""
#: As a shell starts what runs in the background.
BACKGROUND = """
import os, signal
from platform_pulumi.cli import signals
from platform_pulumi.operations.cancellation import Cancellation
token = Cancellation()
signal.signal(signal.SIGINT, signal.SIG_IGN)
signals.cancel(token)
os.kill(os.getpid(), signal.SIGINT)
print("went on", token.requests)
"""


def said(program: str, *arguments: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_cancels_what_ends_in_order_and_interrupts_all_else(number: signal.Signals) -> None:
    expected = ["finished in order 2", "cancelled", "shielded False", "interrupted 3"]
    assert said(SHIELDED, str(int(number))) == expected


def test_an_interrupt_that_was_ignored_before_stays_ignored() -> None:
    assert said(BACKGROUND) == ["went on 0"]
