"""Files of observations into the ledger: read row by row, bad rows set aside with the reason."""
