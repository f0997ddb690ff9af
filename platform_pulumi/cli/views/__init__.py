"""Views: pure functions from a value to what is shown. `human` gives pages, `document` JSON, `markdown` text."""
