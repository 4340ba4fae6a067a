"""What the town writes to people and bodies outside a certificate: to whom, with what on it, and what follows.  文書"""
