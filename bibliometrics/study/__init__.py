"""The study file: one question as TOML, and the words its options are told in."""
