"""Tables of pages by subject: path, title, right, ledger event and who answers.  画面の表"""
