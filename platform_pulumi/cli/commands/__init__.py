"""One command a file: convert, call one operation, hand the value to a view."""
