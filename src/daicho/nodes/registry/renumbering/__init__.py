"""Another individual number: asked for by two people, drawn by the nation, recorded on its receipt.  個人番号の変更"""
