"""Jobs, start and stop order, health."""
