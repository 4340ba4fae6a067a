"""The pages' desks bound to a node's use cases; here a screen's question meets the room that answers it."""
