"""The commission's file of an event: each step of a case is an entry of the ledger."""
