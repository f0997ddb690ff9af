"""The export to Docker Compose: what the file says, where secrets are, that it stays the same."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from platform_pulumi.errors import ConstraintError, InputError
from platform_pulumi.sdk.export import MARK
from tests.components.docker.conftest import EXAMPLES, Exporter

LOCAL, PRODUCTION = EXAMPLES / "platform-local-dev.yaml", EXAMPLES / "platform-production.yaml"

#: Every kind of wire: tiers, applications of equal names, secrets of all origins, a shared ingress, volumes.
WIDE = """
apiVersion: platform/v1
platform:
  org: acme
  environment: wide
  provider: {name: docker, config: {publish: {maria: 23306, bare: "0.0.0.0:28081"}}}
  tiers:
    infrastructure:
      capabilities:
        - {name: vpc, type: network, properties: {cidr: 10.0.0.0/16}}
        - {name: zone, type: dns_zone, properties: {domain: acme.test}}
      outputs:
        - {name: domain, source: zone.domain, type: string}
        - {name: net, source: vpc.id, type: string}
    shared_primitives:
      capabilities:
        - {name: space, type: namespace}
        - {name: pg, type: database, properties: {engine: postgresql, version: "15", password: "${env:PGPW}"}}
        - {name: maria, type: database, labels: {team: a$b}, properties: {engine: mariadb, version: "11"}}
        - {name: redis, type: cache, properties: {engine: redis, version: "7", memory: 64Mi}}
        - {name: files, type: persistent_volume}
        - {name: door, type: ingress, properties: {port: 28080, tls: false}}
      outputs:
        - {name: pg_url, source: pg.connectionString, type: string}
        - {name: maria_cred, source: maria.credentialRef, type: credential_ref}
        - {name: redis_url, source: redis.connectionString, type: string}
        - {name: files, source: files.name, type: string}
        - {name: port, source: pg.port, type: integer}
    application:
      applications:
        shop:
          capabilities:
            - name: api
              type: container_runtime
              properties:
                image: "api:dev"
                replicas: 2
                memory: 64Mi
                ports: [{container_port: 8080}]
                env:
                  DATABASE_URL: "${tier2.pg_url}"
                  MARIA: "${tier2.maria_cred}"
                  CACHE_URL: "${tier2.redis_url}"
                  PRICE: "5$ of ${tier1.domain}"
                  PORTNR: "${tier2.port}"
                  NET: "${tier1.net}"
                  "ON": "yes"
                  N: "010"
                health_check: {path: /health, interval: 2s, start_period: 5s}
                ingress: {host: shop.localhost, port: 28080, tls: false}
            - name: worker
              type: container_runtime
              dependsOn: [api, {name: nothere, optional: true}]
              properties:
                image: "api:dev"
                env: {API: "http://${api.service}/"}
                volumes:
                  - {source: "${tier2.files}", path: /files}
                  - {source: "${tier2.files}", path: /o, read_only: true}
        desk:
          capabilities:
            - name: api
              type: container_runtime
              properties:
                image: "desk:dev"
                build: {context: source}
                ports: [{container_port: 8080}]
                health_check: {command: [app, --health]}
            - name: bare
              type: container_runtime
              properties: {image: "api:dev", ports: [{container_port: 8080}]}
"""


@pytest.fixture
def wide(export: Exporter, canary: str) -> dict[str, Any]:
    export.environment["PGPW"] = f"{canary}-p@s$s w\"o'r\\d"
    return read(export(WIDE).text)


def read(text: str) -> dict[str, Any]:
    """The file as Compose understands it, `$` as it was."""
    loaded: dict[str, Any] = yaml.safe_load(text)
    return _unescaped(loaded)


def _unescaped(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unescaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unescaped(item) for item in value]
    return value.replace("$$", "$") if isinstance(value, str) else value


@pytest.mark.parametrize("example", [LOCAL, PRODUCTION])
def test_examples(example: Path, export: Exporter, golden: Callable[[str, str], None]) -> None:
    golden(f"{example.stem}.compose.yaml", export(example).text)


def test_a_second_export_changes_nothing(export: Exporter) -> None:
    first = export(LOCAL)
    before = {path: path.read_bytes() for path in export.folder.rglob("*") if path.is_file()}
    assert export(LOCAL).text == first.text
    assert {path: path.read_bytes() for path in export.folder.rglob("*") if path.is_file()} == before


def test_a_kept_password_is_taken_as_it_is(export: Exporter) -> None:
    export(LOCAL)
    secrets = export.folder / "secrets" / "acme-corp_local"
    (secrets / "shared-postgres-password.txt").write_text('by "hand" $1\\\n')
    export(LOCAL)
    assert (secrets / "shared-postgres-password.txt").read_text() == 'by "hand" $1\\\n'
    assert (secrets / "api-service.env").read_text() == 'DATABASE_PASSWORD="by \\"hand\\" \\$1\\\\"\n'
    (secrets / "shared-postgres-password.txt").write_text("\n")
    with pytest.raises(InputError, match="empty"):
        export(LOCAL)


def test_secrets_are_for_the_owner_alone(export: Exporter) -> None:
    export(LOCAL)
    secrets = export.folder / "secrets" / "acme-corp_local"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (secrets.parent, secrets)] == [0o700, 0o700]
    files = sorted(path.name for path in secrets.iterdir())
    assert files == [
        ".gitignore", "api-service.env", "event-queue-password.txt", "event-queue.env", "shared-postgres-password.txt",
    ]  # fmt: skip
    assert {stat.S_IMODE((secrets / name).stat().st_mode) for name in files} == {0o600}
    assert (secrets / "shared-postgres-password.txt").read_text().isalnum()
    assert len((secrets / "shared-postgres-password.txt").read_text()) == 32


def test_no_secret_stands_in_the_text(export: Exporter, canary: str) -> None:
    export.environment["PGPW"] = canary
    exported = export(WIDE)
    made = [file.data.decode() for file in exported.files if file.path.endswith("-password.txt")]
    assert canary in made
    assert len(made) == 3
    for secret in made:
        assert secret not in exported.text
    assert canary not in repr(exported)
    variables = (export.folder / "secrets" / "acme_wide" / "shop-api.env").read_text()
    assert f"postgresql://platform:{canary}@pg:5432/app" in variables


def test_secret_values_are_quoted(wide: dict[str, Any], export: Exporter) -> None:
    folder = export.folder / "secrets" / "acme_wide"
    assert (folder / "pg-password.txt").read_text().endswith("-p@s$s w\"o'r\\d")
    assert "-p%40s%24s%20w%22o%27r%5Cd@pg:5432/app" in (folder / "shop-api.env").read_text()
    assert wide["services"]["pg"]["environment"] == {
        "POSTGRES_DB": "app",
        "POSTGRES_PASSWORD_FILE": "/run/secrets/pg-password",
        "POSTGRES_USER": "platform",
    }
    assert wide["secrets"]["pg-password"] == {"file": "./secrets/acme_wide/pg-password.txt"}


def test_a_check_reads_what_is_in_a_file(wide: dict[str, Any]) -> None:
    test = wide["services"]["maria"]["healthcheck"]["test"]
    assert test[1].startswith('MARIADB_PASSWORD="$(cat "$MARIADB_PASSWORD_FILE")"; ')
    assert "cat" not in wide["services"]["pg"]["healthcheck"]["test"][1]


def test_references_are_followed(wide: dict[str, Any]) -> None:
    api = wide["services"]["shop-api"]
    assert api["environment"] == {
        "DATABASE_CONNECTIONS": "10",
        "N": "010",
        "NET": "acme_wide_vpc",
        "ON": "yes",
        "PORTNR": "5432",
        "PRICE": "5$ of acme.test",
    }
    assert wide["services"]["worker"]["environment"]["API"] == "http://api.shop:8080/"


def test_what_starts_after_what(wide: dict[str, Any]) -> None:
    services = wide["services"]
    healthy, started = {"condition": "service_healthy"}, {"condition": "service_started"}
    assert services["shop-api"]["depends_on"] == {"pg": healthy, "maria": healthy, "redis": healthy}
    assert services["shop-api-gateway"]["depends_on"] == {"shop-api": healthy, "door": healthy}
    assert services["worker"]["depends_on"] == {"shop-api": healthy, "shop-api-gateway": healthy}
    assert "depends_on" not in services["bare"]
    assert started not in [c for s in services.values() for c in s.get("depends_on", {}).values()]


def test_a_service_in_full(wide: dict[str, Any]) -> None:
    api = wide["services"]["shop-api"]
    assert api["deploy"] == {"replicas": 2, "resources": {"limits": {"memory": "64M"}}}
    assert api["memswap_limit"] == "64M"
    assert api["networks"] == {"space": {"aliases": ["api.shop"]}, "vpc": {"aliases": ["api.shop"]}}
    assert {k: v for k, v in api["healthcheck"].items() if k != "test"} == {
        "interval": "2s", "timeout": "2s", "retries": 3, "start_period": "5s",
    }  # fmt: skip
    assert wide["services"]["shop-api-gateway"]["networks"]["door"] == {"aliases": ["shop.localhost.ingress.internal"]}
    assert wide["services"]["worker"]["volumes"] == ["files:/files", "files:/o:ro"]
    assert wide["services"]["bare"]["ports"] == ["0.0.0.0:28081:8080"]
    assert wide["services"]["maria"]["ports"] == ["127.0.0.1:23306:3306"]
    assert wide["services"]["maria"]["labels"] == {"team": "a$b"}
    assert wide["services"]["desk-api"]["build"] == {"context": "./source", "dockerfile": "Dockerfile"}
    assert {service["restart"] for service in wide["services"].values()} == {"unless-stopped"}


def test_names_that_clash_carry_their_application(wide: dict[str, Any]) -> None:
    assert [name for name in wide["services"] if "api" in name] == ["desk-api", "shop-api", "shop-api-gateway"]
    assert {"bare", "worker"} <= set(wide["services"])


def test_one_application_is_a_project_of_its_own(export: Exporter) -> None:
    export.environment["PGPW"] = "x"
    document = read(export(WIDE, app="shop").text)
    assert document["name"] == "acme_wide_shop"
    assert "bare" not in document["services"]
    assert document["services"]["api"]["networks"]["vpc"] == {"aliases": ["api.shop"]}


def test_a_key_is_given_once(export: Exporter) -> None:
    more = "            - {name: shop-api-gateway, type: container_runtime, properties: {image: a}}\n"
    more += "            - {name: pg-data, type: container_runtime, properties: {image: a}}\n"
    export.environment["PGPW"] = "x"
    document = read(export(WIDE + more).text)
    assert document["services"]["shop-api-gateway"]["image"] == "a"
    assert document["services"]["shop-api-gateway-2"]["image"] == "caddy:2-alpine"
    assert document["services"]["pg"]["volumes"] == ["pg-data-2:/var/lib/postgresql/data"]


def test_two_exports_side_by_side_share_nothing(export: Exporter) -> None:
    text = LOCAL.read_text(encoding="utf-8")
    one = export(text.replace('"local"', '"b-c"').replace("acme-corp", "a"), out="one.yaml")
    two = export(text.replace('"local"', '"c"').replace("acme-corp", "a-b"), out="two.yaml")
    assert read(one.text)["name"] != read(two.text)["name"]
    assert not {file.path for file in one.files} & {file.path for file in two.files}
    secrets = {file.data for exported in (one, two) for file in exported.files if file.path.endswith(".txt")}
    assert len(secrets) == 4


def test_files_say_when_they_change(wide: dict[str, Any], export: Exporter) -> None:
    label = wide["services"]["door"]["labels"]["platform:files"]
    changed = read(export(WIDE.replace("port: 28080, tls: false}}", "port: 28090, tls: false}}")).text)
    assert changed["services"]["door"]["labels"]["platform:files"] != label
    assert changed["services"]["shop-api-gateway"]["labels"] == wide["services"]["shop-api-gateway"]["labels"]


def test_the_header_tells_what_to_do(export: Exporter, canary: str) -> None:
    text = export(LOCAL, out="my compose.yaml", variables={"image": canary}).text
    header = text.partition("\nname:")[0]
    assert header.startswith(MARK)
    assert "docker compose -f 'my compose.yaml' up -d --wait" in header
    assert "export compose -f platform-local-dev.yaml --set image=VALUE --out 'my compose.yaml'" in header
    assert str(EXAMPLES) not in text
    assert canary not in header


def test_gaps_stand_where_they_belong(export: Exporter) -> None:
    text = export(PRODUCTION).text
    header, _, rest = text.partition("\nname:")
    assert '#   kubernetes_cluster "primary-cluster" (infrastructure)\n#     STUB ' in header
    gateway = rest.partition("  api-service-gateway:")[0].rpartition("\n\n")[2]
    assert "STUB ingress.tls: using self-signed cert (production uses ACM)" in gateway
    assert "health_check" not in gateway
    database = rest.partition("  shared-postgres:")[0]
    assert "# STUB multi_az: single instance (production uses Multi-AZ RDS)" in database
    network = rest.partition("  primary-vpc:\n    driver")[0].rpartition("networks:\n")[2]
    assert "# STUB availability_zones: single Docker network (production uses 3 AZs)" in network


def test_control_characters_end_no_comment(export: Exporter) -> None:
    file = export.folder / "a\nservices: {evil: 1}\x07.yaml"
    file.write_text(LOCAL.read_text(encoding="utf-8"), encoding="utf-8")
    document = read(export(file).text)
    assert "evil" not in document["services"]


def test_a_secret_image_is_refused(export: Exporter) -> None:
    export.environment["IMAGE"] = "api:1"
    with pytest.raises(InputError, match="cannot be a secret") as error:
        export(LOCAL.read_text(encoding="utf-8").replace("${app.image}", "${env:IMAGE}"))
    assert "--set image=NAME" in error.value.detail


def test_a_name_that_would_break_the_file_is_refused(export: Exporter) -> None:
    export.environment["PGPW"] = "x"
    with pytest.raises(InputError, match="declarations are wrong"):
        export(WIDE.replace('MARIA: "${', '"MARIA\\nEVIL": "${'))


def test_what_only_docker_knows_is_refused(export: Exporter) -> None:
    export.environment["PGPW"] = "x"
    with pytest.raises(InputError, match="known only once") as error:
        export(WIDE.replace("source: vpc.id", "source: vpc.cidr"))
    assert "`vpc.cidr`" in error.value.detail


def test_the_declarations_are_checked_as_for_a_plan(export: Exporter) -> None:
    text = LOCAL.read_text(encoding="utf-8")
    with pytest.raises(ConstraintError):
        export(text.replace("256Mi", "2Gi"))
    with pytest.raises(InputError) as error:
        export(text.replace("apiVersion", "tiers: {}\napiVersion"))
    assert error.value.problems


def test_every_tier_has_to_be_there(export: Exporter) -> None:
    head, _, rest = LOCAL.read_text(encoding="utf-8").partition("    infrastructure:\n")
    with pytest.raises(InputError, match="every tier") as error:
        export(head + "    shared_primitives:" + rest.partition("    shared_primitives:")[2])
    assert "infrastructure" in error.value.detail
