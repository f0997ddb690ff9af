"""One case: a platform from a seed, applied, changed and applied again, and destroyed; every plan is compared."""

from __future__ import annotations

import json
import random
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from platform_pulumi.engine.language_host import LanguageHost
from platform_pulumi.errors import ConstraintError, InputError, PlatformError, RefusedError
from tests.truth import changes, generator
from tests.truth.comparison import Mismatch, compare
from tests.truth.impact import compare_impact
from tests.truth.platforms import Spec
from tests.truth.running import Bench

#: What a person may be told of declarations that cannot be: not a find.
CLEAR = (InputError, ConstraintError, RefusedError)
_ATTEMPTS = 6


@dataclass
class Step:
    """A platform that was planned and applied: how it came about, and what was not true."""

    said: list[str]
    spec: Spec
    mismatches: list[Mismatch] = field(default_factory=list)
    refused: str = ""
    actions: int = 0


@dataclass
class Case:
    """A seed's steps."""

    seed: int
    provider: str
    steps: list[Step] = field(default_factory=list)
    seconds: float = 0

    @property
    def mismatches(self) -> list[Mismatch]:
        """Of all steps."""
        return [mismatch for step in self.steps for mismatch in step.mismatches]

    def report(self) -> str:
        """The steps with their documents, for a person who runs them by hand."""
        lines = [f"seed {self.seed} ({self.provider})"]
        for number, step in enumerate(self.steps):
            lines += [f"=== step {number}: {'; '.join(step.said) or 'from nothing'}", step.spec.text()]
            lines += [f"refused: {step.refused}"] if step.refused else []
            lines += [str(mismatch) for mismatch in step.mismatches]
        return "\n".join(lines)


def run_case(seed: int, programs: LanguageHost, *, provider: str = "", length: int = 2, thorough: bool = True) -> Case:
    """Run a seed.

    Args:
        seed: of everything random.
        programs: the process that runs programs.
        provider: instead of the seed's.
        length: how many changes follow the first apply.
        thorough: whether each plan is made twice and followed by an empty one; else only the last.
    """
    rng = random.Random(seed)
    provider = provider or _provider(seed)
    case = Case(seed, provider)
    spec, said = generator.generate(rng, provider), list[str]()
    with TemporaryDirectory(prefix="truth-") as folder, Bench(Path(folder), programs) as bench:
        applied: Spec | None = None
        for number in range(length + 1):
            if number:
                spec, said = changes.change(rng, applied or spec, rng.choice((1, 1, 2, 3)))
            for _ in range(_ATTEMPTS):
                step = Step(said, spec)
                if not _refusal(bench, step):
                    break
                spec, said = changes.change(rng, applied or generator.generate(rng, provider), 1)
            case.steps.append(step)
            if step.refused:
                continue
            last = number == length
            # Of its own: what is drawn to compare digests moves nothing else, so a seed is the same however it is run.
            aside = random.Random(f"{seed}/{number}")
            if _apply(bench, step, aside, thorough=thorough or last):
                applied = spec
            elif not step.refused:
                return case
        if applied is not None:
            case.steps.append(_destroy(bench, applied))
    return case


def first_platform(seed: int, provider: str = "") -> Spec:
    """The platform that a seed begins with; another one where that is refused."""
    return generator.generate(random.Random(seed), provider or _provider(seed))


def _provider(seed: int) -> str:
    return generator.PROVIDERS[seed % len(generator.PROVIDERS)]


def _refusal(bench: Bench, step: Step) -> bool:
    """Whether the declarations alone are refused."""
    try:
        bench.validate(step.spec)
    except CLEAR as error:
        step.refused = _told(error)
        return True
    except Exception:  # whatever it is, it is a find
        step.refused = "validate failed"
        step.mismatches.append(Mismatch("exception: validate", "", None, traceback.format_exc()[-1500:]))
        return True
    return False


def _apply(bench: Bench, step: Step, rng: random.Random, *, thorough: bool) -> bool:
    """Plan and apply a step and compare; whether it stands."""
    spec, found = step.spec, step.mismatches
    loss = bench.data(spec)
    try:
        planned = bench.preview(spec, loss) if thorough else None
        if planned is not None:
            found += _digests(bench, spec, planned, loss, rng)
        happened = bench.up(spec, loss)
    except CLEAR as error:
        step.refused = _told(error)
        return False
    except PlatformError as error:
        found.append(Mismatch(f"failed: {error.summary}", "", "a plan that can be applied", _told(error)))
        return False
    except Exception:  # whatever it is, it is a find
        found.append(Mismatch("exception", "", None, traceback.format_exc()[-1500:]))
        return False
    step.actions = sum(len(done) for done in happened.actions.values())
    found += compare(happened)
    found += compare_impact(happened)
    if planned is not None:
        found += _equal_digests("preview and up", planned, happened.plan)
        found += _empty(bench.preview(spec, loss))
    return True


def _destroy(bench: Bench, spec: Spec) -> Step:
    step = Step(["destroy"], spec)
    try:
        happened = bench.destroy(spec, bench.data(spec))
    except PlatformError as error:
        if not isinstance(error, CLEAR):
            step.mismatches.append(Mismatch(f"failed: destroy: {error.summary}", "", None, _told(error)))
        step.refused = _told(error)
        return step
    step.mismatches += compare(happened)
    return step


def _empty(plan: Mapping[str, Any]) -> Iterator[Mismatch]:
    """What the plan after an apply would still do."""
    for section in plan["tiers"]:
        for action in section["actions"]:
            if action["action"] not in {"no-op", "read"}:
                yield Mismatch("afterwards: not empty", action["urn"], action["action"], action["diff"])
        for name, output in section["outputs"].items():
            if output["change"] != "same":
                yield Mismatch("afterwards: output", f"{section['stack']} {name}", output, None)
        if section["contractChanges"]:
            yield Mismatch("afterwards: contract", section["stack"], "changes", None)


def _digests(
    bench: Bench, spec: Spec, planned: Mapping[str, Any], loss: frozenset[str], rng: random.Random
) -> Iterator[Mismatch]:
    """A change of what is planned has another digest in every section whose effects differ, and in no other one."""
    other, said = changes.change(rng, spec, 1)
    try:
        bench.validate(other)
        second = bench.preview(other, loss)
    except PlatformError as error:
        # Without its last capability a tier is no longer declared; one that was never applied can then not be read.
        if isinstance(error, CLEAR) or error.summary == "An upper stack is missing":
            return
        raise
    by_stack = {section["stack"]: section for section in second["tiers"]}
    for section in planned["tiers"]:
        against = by_stack.get(section["stack"])
        if against is None:
            continue
        differ = _effects(section) != _effects(against)
        equal = section["digest"] == against["digest"]
        if differ and equal:
            place = f"{section['stack']} after {said}"
            yield Mismatch("digest: equal for other effects", place, section["digest"], _difference(section, against))
        elif not differ and not equal and section["declarations"] == against["declarations"]:
            yield Mismatch("digest: differs for equal effects", f"{section['stack']} after {said}", None, None)


def _effects(section: Mapping[str, Any]) -> Any:
    """What a section would do, as far as it is known: of every resource that changes, all its planned inputs."""
    return sorted(
        json.dumps(
            [action["urn"], action["action"], action.get("after"), action.get("secretHashes"), action["diff"]],
            sort_keys=True,
        )
        for action in section["actions"]
        if action["action"] not in {"no-op", "read"}
    )


def _difference(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return sorted(set(_effects(one)) ^ set(_effects(other)))[:2]


def _equal_digests(what: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Mismatch]:
    second = {section["stack"]: section["digest"] for section in other["tiers"]}
    for section in one["tiers"]:
        if section["digest"] != second.get(section["stack"]):
            yield Mismatch(f"digest: {what}", section["stack"], section["digest"], second.get(section["stack"]))


def _told(error: PlatformError) -> str:
    problems = "; ".join(f"{p.code} {p.detail}" for p in error.problems)
    return f"{type(error).__name__}: {error.summary}. {error.detail} {problems}"[:3000]
