"""When is it best to keep an agreement: thresholds of detection, teams over sectors, inspections over time.

The violator is a rational player of an equation, not a forecast: what d, b and f are worth to anybody nobody has
measured. Results are the inspectors' shares and the value; none says where or when a violation would pay best.
"""
