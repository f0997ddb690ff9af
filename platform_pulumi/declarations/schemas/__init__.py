"""The fields of a document, written once as pydantic models: checked, explained, published as JSON Schema."""
