"""A national body that asks under appended table 1.  国の機関等"""
