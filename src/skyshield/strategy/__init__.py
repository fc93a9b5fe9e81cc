"""Strategy: the other guarantees as equations, and what a study says to them."""
