"""The day's steps, one kernel a file, in the order that `skyshield.engine.day` publishes."""
