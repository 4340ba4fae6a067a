"""Second floor: who does what, in which order."""
