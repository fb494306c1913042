"""``python -m bibliometrics`` is the command ``bibliometrics``."""

from bibliometrics.cli import entry

entry()
