"""A day of the watch: what is told of it, area by area, from one cut-off to the next."""
