"""Pages and terminal tables made of an edition: text out, nothing written."""
