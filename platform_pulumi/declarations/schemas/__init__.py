"""Schemas of documents, written once as pydantic models: validation, its messages, and the JSON Schema."""
