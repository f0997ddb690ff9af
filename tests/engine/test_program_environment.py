"""The variables of programs are written once, and none that is Pulumi's."""

from __future__ import annotations

from collections import UserDict

from platform_pulumi.engine.program_environment import adopt

LAUNCHED = {"HOME": "/home/ann", "AWS_PROFILE": "acme", "PULUMI_CONFIG_PASSPHRASE": "canary", "PULUMI_HOME": "/run/1"}


class Process(UserDict[str, str]):
    """Variables of a process; `written` counts what C code could see change."""

    written = 0

    def __setitem__(self, name: str, value: str) -> None:
        self.written += 1
        super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        self.written += 1
        super().__delitem__(name)


def process() -> Process:
    found = Process({"HOME": "/root", "PULUMI_CONFIG_PASSPHRASE": "another", "LEFT": "over"})
    found.written = 0
    return found


def test_a_program_sees_the_variables_of_its_run_but_none_of_pulumis() -> None:
    found = process()
    adopt(LAUNCHED, found)
    assert found.data == {"HOME": "/home/ann", "AWS_PROFILE": "acme"}


def test_the_runs_of_a_command_write_them_once() -> None:
    found = process()
    adopt(LAUNCHED, found)
    written = found.written
    adopt({**LAUNCHED, "PULUMI_HOME": "/run/2", "PULUMI_BACKEND_URL": "file:///scratch"}, found)
    assert found.written == written
