"""YAML: texts composed into nodes with positions, nodes read as plain values."""
