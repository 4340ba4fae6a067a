"""First floor: how a person proves who they are."""
