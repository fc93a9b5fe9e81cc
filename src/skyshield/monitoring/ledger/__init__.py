"""The ledger: an append-only, signed record of observations that anyone can check."""
