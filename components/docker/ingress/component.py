"""`ingress` on Docker: one reverse proxy that routes each host to its application's gateway."""

from __future__ import annotations

from typing import ClassVar, cast

from components.docker.component import DockerComponent
from components.docker.deployment import OWN_NETWORK, Deployment, DeploymentContext, NetworkName
from components.docker.gateway import INNER_PORT, INNER_SUFFIX, configuration, proxy, proxy_block, site_block
from platform_pulumi.model.capabilities.shared_primitives.ingress import Ingress as Properties


class Ingress(DockerComponent):
    """Component of a network that the gateways join under the names of their hosts, and a proxy in front of it."""

    TOKEN: ClassVar[str] = "platform:docker:Ingress"

    @staticmethod
    def deploy(place: DeploymentContext) -> Deployment:
        """Build the deployment of the capability."""
        properties = cast("Properties", place.properties)
        # Only what ends in a name of ours is asked for: whatever host a client names, the proxy leads nowhere else.
        upstream = proxy_block(f"name {{http.request.host}}.{INNER_SUFFIX}\nport {INNER_PORT}")
        scheme = "https" if properties.tls else "http"
        tls = "tls internal {\n    on_demand\n}" if properties.tls else ""
        text = configuration(site_block([f"{scheme}://:{properties.port}"], tls, "/", upstream), None)
        published = place.exposed(properties.port)
        service = proxy(place, "", (OWN_NETWORK,), text, published=(published,), aliases=(place.alias,))
        return Deployment(
            (service,),
            (),
            {"name": NetworkName(OWN_NETWORK), "endpoint": f"{scheme}://{published}"},
            own_network=True,
        )
