"""What the register keeps about cards: noted and shown at the counter, compared with what is shown as proof.  カード等情報"""
