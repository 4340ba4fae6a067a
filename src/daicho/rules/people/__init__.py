"""Names, characters, kana keys, addresses, partial dates and eras, codes."""
