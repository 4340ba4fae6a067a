"""Tables made from works of others, under their own licence: see LICENCE.txt."""
