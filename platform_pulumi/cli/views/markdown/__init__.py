"""Views as Markdown for pull request comments and job summaries."""
