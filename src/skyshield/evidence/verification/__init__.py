"""Whether the code computes what it says: the product against closed forms, case by case (``skyshield verify``).

Every case compares a number that the engine or another room of the product computes with one that follows without it.
Statistical cases allow four standard errors, deterministic ones 1e-9. What has a parameter fails when that is moved by
a twentieth on the simulated side; what compares bytes is guarded by mutations in the tests.
"""
