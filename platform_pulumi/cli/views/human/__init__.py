"""Pages for people at a terminal."""
