"""Reports of several sources joined into events."""
