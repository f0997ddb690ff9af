"""The gateway in front of a service, and the shared ingress: whole Caddyfiles, and where they stand."""

from __future__ import annotations

from typing import Any

import pytest

from components.docker.config import Address, Config
from components.docker.container_runtime.component import ContainerRuntime
from components.docker.deployment import OWN_NETWORK, Deployment, DeploymentContext, Health, PublishedPort
from components.docker.ingress.component import Ingress
from platform_pulumi.model.capability import CapabilityRef
from platform_pulumi.model.tier import Tier

from ..harness import declare

NETWORK = CapabilityRef(Tier.INFRASTRUCTURE, "vpc", "network")
SHARED = CapabilityRef(Tier.SHARED_PRIMITIVES, "entry", "ingress")
PORTS = [{"container_port": 53, "protocol": "UDP"}, {"container_port": 8080}, {"container_port": 9090}]


def runtime(
    ingress: dict[str, Any], *, shared: bool = False, application: str = "default", config: Config | None = None
) -> Deployment:
    bindings = {"network": NETWORK, **({"ingress": SHARED} if shared else {})}
    properties = {"image": "api:1", "replicas": 3, "ports": PORTS, "ingress": {"host": "api.acme.com", **ingress}}
    declared = declare("container_runtime", properties, provider="docker", bindings=bindings)
    return ContainerRuntime.deploy(DeploymentContext(declared, config or Config(), application))


def caddyfile(made: Deployment) -> str:
    (file,) = made.services[-1].files
    assert file.path == "/etc/caddy/Caddyfile"
    return file.content


PLAIN = """\
{
    admin off
    auto_https disable_redirects
    skip_install_trust
}

http://:2020 {
    respond 200
}

http://:8080 {
    reverse_proxy {
        dynamic a {
            name thing
            port 8080
            refresh 1s
        }
        lb_policy round_robin
        lb_try_duration 5s
        lb_try_interval 100ms
        fail_duration 2s
        transport http {
            dial_timeout 1s
        }
    }
}
"""
ENCRYPTED = """\
{
    admin off
    auto_https disable_redirects
    skip_install_trust
    default_sni api.acme.com
}

http://:2020 {
    respond 200
}

https://api.acme.com:8443, https://localhost:8443, https://127.0.0.1:8443 {
    tls internal
    reverse_proxy {
        dynamic a {
            name thing
            port 8080
            refresh 1s
        }
        lb_policy round_robin
        lb_try_duration 5s
        lb_try_interval 100ms
        fail_duration 2s
        transport http {
            dial_timeout 1s
        }
    }
}
"""
PREFIXED = """\
{
    admin off
    auto_https disable_redirects
    skip_install_trust
}

http://:2020 {
    respond 200
}

http://:80 {
    @served path /api /api/*
    handle @served {
        reverse_proxy {
            dynamic a {
                name thing.shop
                port 8080
                refresh 1s
            }
            lb_policy round_robin
            lb_try_duration 5s
            lb_try_interval 100ms
            fail_duration 2s
            transport http {
                dial_timeout 1s
            }
        }
    }
    respond 404
}
"""
BEHIND = """\
{
    admin off
    auto_https disable_redirects
    skip_install_trust
}

http://:2020 {
    respond 200
}

:8000 {
    reverse_proxy {
        dynamic a {
            name thing
            port 8080
            refresh 1s
        }
        lb_policy round_robin
        lb_try_duration 5s
        lb_try_interval 100ms
        fail_duration 2s
        transport http {
            dial_timeout 1s
        }
    }
}
"""
SHARED_TLS = """\
{
    admin off
    auto_https disable_redirects
    skip_install_trust
}

http://:2020 {
    respond 200
}

https://:8443 {
    tls internal {
        on_demand
    }
    reverse_proxy {
        dynamic a {
            name {http.request.host}.ingress.internal
            port 8000
            refresh 1s
        }
        lb_policy round_robin
        lb_try_duration 5s
        lb_try_interval 100ms
        fail_duration 2s
        transport http {
            dial_timeout 1s
        }
    }
}
"""


def test_without_encryption_any_name_will_do() -> None:
    assert caddyfile(runtime({"port": 8080, "tls": False})) == PLAIN


def test_with_encryption_it_has_the_names_that_its_certificate_is_for() -> None:
    assert caddyfile(runtime({"port": 8443})) == ENCRYPTED


@pytest.mark.parametrize("path", ["/api", "/api/"])
def test_of_a_path_prefix_nothing_else_is_served(path: str) -> None:
    assert caddyfile(runtime({"port": 80, "tls": False, "path": path}, application="shop")) == PREFIXED


@pytest.mark.parametrize("tls", [True, False])
def test_behind_a_shared_ingress_it_speaks_plainly_at_an_inner_port(tls: bool) -> None:
    assert caddyfile(runtime({"port": 443, "tls": tls}, shared=True)) == BEHIND


def test_a_shared_ingress_leads_each_host_to_a_name_of_ours_and_nowhere_else() -> None:
    declared = declare("ingress", {"port": 8443, "tls": True}, provider="docker")
    assert caddyfile(Ingress.deploy(DeploymentContext(declared, Config()))) == SHARED_TLS
    plain = declare("ingress", {"port": 8080, "tls": False}, provider="docker")
    expected = SHARED_TLS.replace("https://:8443", "http://:8080").replace(
        "    tls internal {\n        on_demand\n    }\n", ""
    )
    assert caddyfile(Ingress.deploy(DeploymentContext(plain, Config()))) == expected


def test_a_gateway_is_one_container_that_tells_that_it_works() -> None:
    main, gateway = runtime({"port": 8443}).services
    assert (main.published, main.beside, main.replicas) == ((), True, 3), "the published port is the gateway's"
    assert (gateway.suffix, gateway.image, gateway.replicas, gateway.beside) == (
        "gateway",
        "caddy:2-alpine",
        1,
        False,
    )
    assert gateway.networks == ("network",)
    assert (gateway.aliases, gateway.extra_aliases) == ((), {})
    assert gateway.published == (PublishedPort("127.0.0.1", 8443, 8443),)
    assert gateway.health == Health(
        ("CMD-SHELL", "wget -q -O /dev/null http://127.0.0.1:2020/"), interval=1, retries=30, limit=60
    )


def test_behind_a_shared_ingress_it_is_published_by_nobody_and_found_under_its_host() -> None:
    _, gateway = runtime({"port": 443}, shared=True).services
    assert gateway.published == ()
    assert gateway.networks == ("network", "ingress")
    assert gateway.extra_aliases == {"ingress": ("api.acme.com.ingress.internal",)}


def test_an_unbound_service_shares_its_own_network_with_its_gateway() -> None:
    properties = {"image": "api:1", "ports": PORTS, "ingress": {"host": "h"}}
    declared = declare("container_runtime", properties, provider="docker", bindings={})
    made = ContainerRuntime.deploy(DeploymentContext(declared, Config()))
    assert [service.networks for service in made.services] == [(OWN_NETWORK,), (OWN_NETWORK,)]
    assert made.own_network


@pytest.mark.parametrize(
    ("ingress", "config", "published", "endpoint"),
    [
        ({}, Config(), PublishedPort("127.0.0.1", 443, 443), "https://api.acme.com"),
        (
            {"port": 8443, "path": "/api/"},
            Config(bind_address="0.0.0.0"),
            PublishedPort("0.0.0.0", 8443, 8443),
            "https://api.acme.com:8443/api",
        ),
        ({"tls": False, "port": 80}, Config(), PublishedPort("127.0.0.1", 80, 80), "http://api.acme.com"),
        ({"tls": False}, Config(), PublishedPort("127.0.0.1", 443, 443), "http://api.acme.com:443"),
        (
            {},
            Config(publish={"thing": Address("10.0.0.5", 9443), "other": Address("::1", 1)}),
            PublishedPort("10.0.0.5", 9443, 443),
            "https://api.acme.com:9443",
        ),
        (
            {},
            Config(publish={"thing": Address("10.0.0.5", 443)}),
            PublishedPort("10.0.0.5", 443, 443),
            "https://api.acme.com",
        ),
    ],
)
def test_the_endpoint_is_what_people_type(
    ingress: dict[str, Any], config: Config, published: PublishedPort, endpoint: str
) -> None:
    made = runtime(ingress, config=config)
    assert made.services[1].published == (published,)
    assert made.outputs == {"service": "thing:53", "endpoint": endpoint}


def test_a_gateways_image_can_be_another_one() -> None:
    made = runtime({}, config=Config(images={"gateway": "mirror/caddy:2"}))
    assert [service.image for service in made.services] == ["api:1", "mirror/caddy:2"]
