"""A register that was rebuilt from what the network keeps, until it is whole.  再製"""
