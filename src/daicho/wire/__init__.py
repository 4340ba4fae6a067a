"""First floor: envelopes, signatures, transport, directory, vault."""
