"""Where records come from: one module a format, all giving the same ``Record``."""
