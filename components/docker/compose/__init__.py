"""Export `compose`: the docker provider's resources as a Docker Compose file."""

from components.docker.compose.document import export

__all__ = ["export"]
