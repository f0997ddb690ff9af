"""Whatever a file holds: refused with lines, or taken; and what validation takes, the programs of a plan take too."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi.runtime.stack import wait_for_rpcs

from platform_pulumi import catalog, declarations
from platform_pulumi.errors import PlatformError
from platform_pulumi.model.contract import TierContract
from platform_pulumi.model.platform import Platform, TierDeclaration
from platform_pulumi.model.tier import Tier
from platform_pulumi.model.value import OutputValue
from platform_pulumi.sdk.program import TierProgram
from platform_pulumi.sdk.run import ProviderRun, TierRun, Upstream
from tests.components import harness
from tests.components.mutations import mutated
from tests.reading import load_files

ROOT = Path(__file__).parents[2]
FILES = [*sorted((ROOT / "examples").glob("*.yaml")), ROOT / "tests" / "declarations" / "corpus" / "good.yaml"]
SEEDS = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FILES}
ENVIRONMENT = {"X": "1", "AWS_ACCOUNT_ID": "123456789012"}
PROVIDERS = (None, "aws", "docker", "mock")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutations") / "platform.yaml"


def loaded(file: Path, **options: Any) -> Platform | None:
    """The platform of a file; None where it is refused as it should be: each problem at a line that there is."""
    lines = file.read_text(encoding="utf-8").count("\n") + 1
    try:
        return load_files([file], definitions=catalog.provider_definitions(), environment=ENVIRONMENT, **options)
    except PlatformError as error:
        refusal = error
    assert refusal.exit_code in {2, 3, 4}
    assert refusal.problems
    for problem in refusal.problems:
        assert problem.position is not None
        assert problem.detail
        assert 1 <= problem.position.line <= lines
        assert problem.position.column >= 1
    return None


def planned(platform: Platform) -> bool:
    """Build every tier's program, on mocks, as a preview does; whether this version can run it at all."""
    definitions = catalog.provider_definitions()
    refusal: PlatformError | None
    try:
        declarations.require_available(platform, definitions, simulated=True)
    except PlatformError as error:
        refusal = error
    else:
        refusal = None
    if refusal is not None:
        assert all(problem.position is not None for problem in refusal.problems)
        return False
    declared = {tier.tier for tier in platform.tiers}
    if any(set(tier.above) - declared for tier in declared):
        return False  # what is above has to be applied before: a session says so
    declarations.check_quotas(platform, {})
    values: dict[Tier, dict[str, OutputValue]] = {}
    for tier in platform.tiers:
        found = harness.event_loop().run_until_complete(_program(_run(platform, tier, values)))
        values.setdefault(tier.tier, {}).update(found)
    return True


def _run(platform: Platform, tier: TierDeclaration, values: Mapping[Tier, Mapping[str, OutputValue]]) -> TierRun:
    context = platform.context
    used = sorted({capability.provider for capability in tier.capabilities})
    above = {
        upper.tier: Upstream(upper.tier, {output.name: output for output in upper.outputs}, values[upper.tier])
        for upper in platform.tiers
        if upper.tier < tier.tier
    }
    mode = platform.modes[tier.tier]
    return TierRun(
        context=context,
        tier=tier.tier,
        application=tier.application,
        stack=context.stack(*tier.key),
        capabilities=tier.capabilities,
        outputs=tier.outputs,
        providers={name: ProviderRun(name, declarations.literal_config(platform.provider(name))) for name in used},
        contract=TierContract(tier.tier, tier.application, context.path(tier.application), (), (), (), (), mode),
        upstream=above,
        simulated=True,
    )


async def _program(run: TierRun) -> dict[str, OutputValue]:
    """Run a tier's program; what it gives, as far as it is known before anything is applied."""
    seen = harness.mocked(run.stack, preview=True)
    program = TierProgram(run, catalog.provider_definitions())
    program.build()
    exports = program.export()
    await wait_for_rpcs()
    names = [(one.type, one.name) for one in seen()]
    assert len(names) == len(set(names)), "one resource twice"
    kinds = {
        f"{capability.name}:{name}": spec
        for capability in run.capabilities
        for name, spec in type(capability.properties).OUTPUTS.items()
    }
    values = {}
    for name, spec in kinds.items():
        known = await exports[name].is_known()
        value = await exports[name].future() if known else None
        values[name] = OutputValue(spec.type, value, known=known, secret=spec.secret)
    return values


@pytest.mark.parametrize("name", sorted(SEEDS))
@pytest.mark.parametrize("provider", PROVIDERS)
def test_good_files_are_planned(name: str, provider: str | None, file: Path) -> None:
    file.write_text(yaml.safe_dump(SEEDS[name], sort_keys=False), encoding="utf-8")
    platform = loaded(file, provider=provider, simulated=True, strict=False)
    if platform is not None and platform.tiers and not platform.template_uses:
        assert planned(platform)


@settings(max_examples=100, suppress_health_check=list(HealthCheck))
@given(data=st.data(), name=st.sampled_from(sorted(SEEDS)), provider=st.sampled_from(PROVIDERS))
def test_a_good_file_with_changes(data: st.DataObject, name: str, provider: str | None, file: Path) -> None:
    document = mutated(data.draw, SEEDS[name])
    flow = data.draw(st.sampled_from([None, True, False]))
    text = yaml.safe_dump(document, allow_unicode=data.draw(st.booleans()), default_flow_style=flow, sort_keys=False)
    file.write_text(text, encoding="utf-8", errors="replace")
    for simulated in (True, False):
        loaded(file, provider=provider, simulated=simulated, strict=True)
    platform = loaded(file, provider=provider, simulated=True, strict=False)
    if platform is not None:
        platform = loaded(file, provider=provider, simulated=True, strict=True)
    if platform is not None:
        planned(platform)
