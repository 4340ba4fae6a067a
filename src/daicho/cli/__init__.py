"""The roof: the command line, which alone may import everything."""
