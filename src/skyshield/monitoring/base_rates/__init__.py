"""How often agreements with a ceasefire provide for enforcement, in a public collection of agreements."""

from skyshield.monitoring.base_rates.shares import rates_content, read_agreements

__all__ = ["rates_content", "read_agreements"]
