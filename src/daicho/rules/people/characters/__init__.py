"""Identification of characters: glyphs, codes of the network and of the Ministry, replacement.  文字同定"""
