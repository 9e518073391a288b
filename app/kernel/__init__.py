"""What every room stands on: no tables, no business words, no knowledge of who exists above it."""
