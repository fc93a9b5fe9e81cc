"""Validation, verification and sensitivity analysis.

`fit_checks`: the fit against the facts of the record. `backtest`: forecasts of nights that were held back.
`verification`: the program against exact results. `sensitivity`, `exploration`: which inputs drive a result.
"""
