"""How often agreements with a ceasefire provide for enforcement, in a public collection of agreements."""

from skyshield.monitoring.base_rates.shares import read_agreements, rates_content

__all__ = ["rates_content", "read_agreements"]
