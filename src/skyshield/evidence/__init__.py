"""Whether the model does what the record does, the program what it says, and what drives its answers.

`fit_checks`: the fit against the facts of the record. `backtest`: forecasts of nights that were held back.
`verification`: the program against exact answers. `sensitivity`, `exploration`: which inputs a result hangs on.
"""
