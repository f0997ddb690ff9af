"""`make docker`: a daemon, the images, Docker Compose and an S3 server, from whatever is there.

Usage: python -m tests.bed [--optional] [IMAGE ...]

With `--optional`, what cannot be had is said and no failure, except in CI (`CI=true`).
"""

from __future__ import annotations

import os
import sys

from tests.bed import compose, daemon, images, storage
from tests.bed.recipes import chosen
from tests.bed.tools import BedError


def main(arguments: list[str]) -> int:
    """See to everything; the exit code."""
    optional = "--optional" in arguments and not os.environ.get("CI")
    names = tuple(name for name in arguments if name != "--optional")
    host = os.environ.get("DOCKER_HOST") or daemon.DEFAULT
    try:
        storage.ensure()
        daemon.ensure(host)
        with daemon.client(host) as client:
            images.ensure(client, chosen(names))
        compose.ensure()
    except (BedError, ValueError) as error:
        print(f"docker-bed: {error}", file=sys.stderr)
        if optional:
            print("docker-bed: NO DOCKER HERE: the tests that need it will be SKIPPED.", file=sys.stderr)
        return 0 if optional else 1
    print(f"docker-bed: ready at {host}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
