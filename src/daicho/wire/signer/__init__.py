"""The process that holds a node's keys."""
