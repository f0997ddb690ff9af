"""Compiler passes: parse documents, merge them, resolve references and dependencies, wire needs, check limits."""
