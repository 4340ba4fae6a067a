"""Who may ask what for which affair.  提供"""
