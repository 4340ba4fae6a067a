"""Third floor: where people and strangers' software stand."""
