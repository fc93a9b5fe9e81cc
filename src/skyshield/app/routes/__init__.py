"""The routes of the application, one file a subject."""
