"""The ceasefire mechanism: what was agreed, what was observed, and a ledger that cannot be changed unseen."""
