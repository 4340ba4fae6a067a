"""To where the notice of an individual number goes, as the Agency is told: the file, when it is owed, what a clerk states.  送付先情報"""
