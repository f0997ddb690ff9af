"""Export `compose`: the docker provider's resources as a Docker Compose file."""
