"""Editions on disk: made, read back, verified, compared, packed for a reviewer."""
