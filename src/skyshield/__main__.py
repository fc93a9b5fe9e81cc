"""``python -m skyshield``."""

from skyshield.cli.main import main

main()
