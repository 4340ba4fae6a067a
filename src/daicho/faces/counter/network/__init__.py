"""The pages of what the counter tells other towns and asks of the network."""
