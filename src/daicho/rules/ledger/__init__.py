"""Events, tree and checkpoint arithmetic."""
