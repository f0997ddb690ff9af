"""Commands, one a file: convert the request, call one operation, pass the result to a view."""
