"""What the register keeps about the cards of its people: issued, amended, stopped, void, given back.  カード等情報"""
