"""Predictive checks: rolling one-day-ahead forecasts against simple baselines, and forecasts frozen in advance."""
