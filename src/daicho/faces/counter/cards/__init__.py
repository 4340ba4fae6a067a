"""Pages about cards: what the register keeps about them, and what happens to them.  カード等情報"""
