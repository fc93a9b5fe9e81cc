"""Monitoring of a ceasefire: what was agreed, what was observed, and a record that nobody can change unseen."""
