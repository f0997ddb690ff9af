"""Diagnostics: codes of problems, collecting and raising them, wording, and source lines without secrets."""
