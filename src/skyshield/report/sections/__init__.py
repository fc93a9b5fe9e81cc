"""The sections of both pages: one file each, which returns what its template of the same name shows."""
