"""The listener for other nodes: mutual TLS, limits, parsing."""
