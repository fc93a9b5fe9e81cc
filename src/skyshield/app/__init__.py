"""The local web application: one server on the loopback address, one worker that plays, and a page without a build."""
