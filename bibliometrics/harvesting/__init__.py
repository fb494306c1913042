"""From a service into the cache: planned by counts, page by page, and resumable."""
