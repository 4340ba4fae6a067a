"""To where notices of individual numbers go: the file, when a notice is owed, what a clerk states.  送付先情報"""
