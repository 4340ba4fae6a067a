"""Ground floor: what the law says; pure."""
