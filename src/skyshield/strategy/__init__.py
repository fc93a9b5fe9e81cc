"""Strategy: who could provide an option, who pays, who answers an attack; equations and readings of study results."""
