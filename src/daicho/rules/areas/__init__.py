"""Addresses that change their name where they are: a table of old and new places, whom it meets, what two people decide."""
