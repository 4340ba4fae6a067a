"""Which notices of individual numbers are owed, told to the Agency's card management, and to where they go.  送付先情報"""
