"""The ceasefire mechanism: what the agreement forbids, what was observed, and a record that shows tampering."""
