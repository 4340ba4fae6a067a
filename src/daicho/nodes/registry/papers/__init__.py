"""What becomes of a registry's papers: sheets and fees, notices that are owed, the post, lists for inspection."""
