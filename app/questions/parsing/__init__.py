"""Reading files of questions; see `result` for what it gives."""
