"""Files into the bank and out of it."""
