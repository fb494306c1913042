"""From a literature search to a defensible ranking of research institutions."""

__version__ = "0.1.0"
