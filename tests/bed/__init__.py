"""The test bed for Docker where there is no image registry: a daemon, small real images, Docker Compose.

`make docker` and the fixtures of tests/conftest.py use it; whatever is there already costs no time.
"""
