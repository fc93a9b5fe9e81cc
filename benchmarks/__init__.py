"""Benchmarks of SkyShield: `make bench`, or `make bench BENCH=raid_days,simpy_day`."""
