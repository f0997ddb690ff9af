"""Views for people at a terminal, as pages."""
