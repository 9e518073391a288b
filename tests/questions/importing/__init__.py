"""The import of questions tried from outside: files as halls have them, and what a clerk would read."""
