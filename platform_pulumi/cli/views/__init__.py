"""Views: pure functions from a result to its output. `human` gives pages, `document` JSON, `markdown` text."""
