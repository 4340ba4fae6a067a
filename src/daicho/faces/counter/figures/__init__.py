"""Figures by district, what of them is given out, and the annual report's file.  町丁別人口・年報"""
