"""An application without a name is not taken for the `default` of another file."""

from __future__ import annotations

import pytest

from platform_pulumi.errors import RefusedError
from platform_pulumi.model.plan import Plan
from platform_pulumi.operations import destroy, preview, up
from tests.operations.fakes import PLATFORM, Answer, FakeEngine, Files, Watcher, services

HEAD, UPPER, APPLICATION = (
    PLATFORM[: PLATFORM.index("    infrastructure:\n")],
    PLATFORM[PLATFORM.index("    infrastructure:\n") : PLATFORM.index("    application:\n")],
    PLATFORM[PLATFORM.index("    application:\n") :],
)
#: The application of another team; one with a part of the first's; the first under its name.
OTHER = APPLICATION.replace("name: api", "name: web")
BOTH = APPLICATION + OTHER.partition("      capabilities:\n")[2]
NAMED = HEAD.replace("  environment", "  application: default\n  environment")
OTHER_UPPER = (
    UPPER.replace("name: vpc", "name: lan").replace("name: db\n", "name: store\n").replace("db.host", "store.host")
)

#: What was applied, what is planned then, and whether that is another file's.
FILES = {
    "two applications alone in their files": (HEAD + APPLICATION, HEAD + OTHER, True),
    "nothing in common with a whole platform": (HEAD + UPPER + APPLICATION, HEAD + OTHER_UPPER + OTHER, True),
    "a file that gives up its last service": (HEAD + APPLICATION, HEAD + "    application: {capabilities: []}\n", True),
    "one that shares a service with a platform": (HEAD + UPPER + BOTH, HEAD + APPLICATION, True),
    "another service in the same platform": (HEAD + UPPER + APPLICATION, HEAD + UPPER + OTHER, False),
    "one service less in the same file": (HEAD + BOTH, HEAD + APPLICATION, False),
    "one service more": (HEAD + APPLICATION, HEAD + BOTH, False),
    "`default` by name": (HEAD + APPLICATION, NAMED + OTHER, False),
}


@pytest.mark.parametrize("case", FILES)
def test_what_another_file_has_applied_is_not_deleted_unasked(case: str, files: Files, engine: FakeEngine) -> None:
    before, after, asked = FILES[case]
    files.write(text=HEAD + UPPER)
    up.up(services(engine), files.task(), Watcher(), Answer())
    files.write(text=before)
    up.up(services(engine), files.task(), Watcher(), Answer())
    stacks = dict(engine.stacks_)
    files.write(text=after)
    found = mistaken(preview.preview(services(engine), files.task(), Watcher()))
    assert [name for name, _ in found] == ["api" if "share" not in case else "web"] * asked
    if asked:
        assert all("`application: NAME`" in step for _, step in found)
        with pytest.raises(RefusedError):
            up.up(services(engine), files.task(allow_data_loss=frozenset({"db"})), Watcher(), Answer())
        assert engine.stacks_ == stacks


def test_nor_destroyed(files: Files, engine: FakeEngine) -> None:
    files.write(text=HEAD + UPPER)
    up.up(services(engine), files.task(), Watcher(), Answer())
    files.write(text=HEAD + APPLICATION)
    up.up(services(engine), files.task(), Watcher(), Answer())
    stacks, answer = dict(engine.stacks_), Answer()
    files.write(text=HEAD + OTHER)
    with pytest.raises(RefusedError):
        destroy.destroy(services(engine), files.task(), Watcher(), answer)
    assert [(name, step.endswith("`application: default`).")) for name, step in mistaken(answer.shown[0])] == [
        ("api", True)
    ]
    assert engine.stacks_ == stacks
    files.write(text=HEAD + APPLICATION)
    destroy.destroy(services(engine), files.task(), Watcher(), Answer())
    assert len(engine.stacks_) == len(stacks) - 1


def mistaken(plan: Plan) -> list[tuple[str, str]]:
    """The capabilities that another file's application would lose, each with the first step."""
    summary = "Another file's application would be deleted"
    return [(one.capability, one.steps[0]) for one in plan.obstacles if one.summary == summary]
