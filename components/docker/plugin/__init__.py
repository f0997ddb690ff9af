"""The embedded docker plugin: the published plugin's resource types, inputs, outputs and diffs, on the Docker SDK.

It serves the part of pulumi-docker's schema that our components use, so that a stack can move between the two plugins
with an empty plan. Each resource type is a `Kind` in a module of its own; `backend.py` serves them.
"""
