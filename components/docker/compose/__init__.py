"""The export `compose`: what the docker provider would make, as a Docker Compose file."""

from components.docker.compose.document import export

__all__ = ["export"]
