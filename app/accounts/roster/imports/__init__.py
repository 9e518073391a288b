"""The roster comes in from the hall's Excel file: read, compared, looked at, applied, undone."""
