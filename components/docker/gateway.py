"""Gateway of a `container_runtime`: a reverse proxy with one published address in front of all its containers.

It asks Docker's DNS for them at every turn, so containers come and go without it being touched.
"""

from __future__ import annotations

from components.docker.deployment import DeploymentContext, File, Health, PublishedPort, Service
from components.docker.images import image
from platform_pulumi.model.capabilities.application.container_runtime import (
    ContainerRuntime,
    Ingress,
    first_tcp,
    ingress_url,
)

#: Where the gateway tells that it works; not published.
HEALTH_PORT = 2020
#: Where a shared ingress finds the gateway of an application, and under which name: that of the host and this.
INNER_PORT, INNER_SUFFIX = 8000, "ingress.internal"
_CONFIGURATION = "/etc/caddy/Caddyfile"


def gateway(place: DeploymentContext, properties: ContainerRuntime, networks: tuple[str, ...]) -> Service:
    """Build the gateway's service; published by itself, or reached by the shared ingress that it is bound to."""
    ingress = properties.ingress
    assert ingress is not None
    upstream = proxy_block(f"name {place.alias}\nport {first_tcp(properties.ports).container_port}")
    shared = place.bound_needs("ingress")
    aliases: dict[str, tuple[str, ...]] = {}
    published: tuple[PublishedPort, ...] = ()
    if shared:
        served = site_block([f":{INNER_PORT}"], "", ingress.path, upstream)
        aliases = {"ingress": (f"{ingress.host}.{INNER_SUFFIX}",)}
    else:
        served = site_block(_addresses(ingress), "tls internal" if ingress.tls else "", ingress.path, upstream)
        published = (place.exposed(ingress.port),)
    host = ingress.host if ingress.tls and not shared else None
    return proxy(
        place, "gateway", networks + shared, configuration(served, host), published=published, extra_aliases=aliases
    )


def proxy(
    place: DeploymentContext,
    suffix: str,
    networks: tuple[str, ...],
    text: str,
    *,
    published: tuple[PublishedPort, ...],
    aliases: tuple[str, ...] = (),
    extra_aliases: dict[str, tuple[str, ...]] | None = None,
) -> Service:
    """Build the service of a Caddy container with that configuration (https://caddyserver.com/docs/caddyfile)."""
    return Service(
        suffix=suffix,
        image=image("gateway", None, place.config.images),
        networks=networks,
        aliases=aliases,
        extra_aliases=extra_aliases or {},
        files=(File(_CONFIGURATION, text),),
        published=published,
        health=Health(
            ("CMD-SHELL", f"wget -q -O /dev/null http://127.0.0.1:{HEALTH_PORT}/"), interval=1, retries=30, limit=60
        ),
    )


def site_block(addresses: list[str], tls: str, path: str, upstream: str) -> str:
    """Build the block of a site: its addresses, its TLS, its paths."""
    lines = [tls] if tls else []
    if path == "/":
        lines.append(upstream)
    else:
        prefix = path.rstrip("/")
        lines += [f"@served path {prefix} {prefix}/*", _block("handle @served", upstream), "respond 404"]
    return _block(", ".join(addresses), "\n".join(lines)) + "\n"


def proxy_block(where: str) -> str:
    """Build the block that proxies to the containers DNS lists; one that does not answer is passed over for another."""
    balance = "lb_policy round_robin\nlb_try_duration 5s\nlb_try_interval 100ms\nfail_duration 2s"
    transport = _block("transport http", "dial_timeout 1s")
    return _block("reverse_proxy", "\n".join([_block("dynamic a", f"{where}\nrefresh 1s"), balance, transport]))


def configuration(sites: str, host: str | None) -> str:
    """Build a whole Caddyfile: no remote administration, no public certificates, no state but certificates.

    `host` is whose certificate a client gets that names none, as when it asks for an address.
    """
    options = ["admin off", "auto_https disable_redirects", "skip_install_trust"]
    options += [f"default_sni {host}"] if host else []
    return "\n\n".join([_block("", "\n".join(options)), _block(f"http://:{HEALTH_PORT}", "respond 200"), sites])


def endpoint(place: DeploymentContext, ingress: Ingress) -> str:
    """Build the URL of the ingress."""
    return ingress_url(ingress, place.exposed(ingress.port).port)


def _addresses(ingress: Ingress) -> list[str]:
    """List the site's addresses. Without TLS any name will do; with it, those of the certificate."""
    if not ingress.tls:
        return [f"http://:{ingress.port}"]
    return [f"https://{name}:{ingress.port}" for name in (ingress.host, "localhost", "127.0.0.1")]


def _block(head: str, body: str) -> str:
    inner = "\n".join(f"    {line}" for line in body.splitlines())
    return f"{head} {{\n{inner}\n}}".lstrip()
