"""Kinds of node, relations, who may call whom, start order."""
