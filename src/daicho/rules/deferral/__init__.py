"""Affairs that were taken at the counter while the line was down, and wait until it is back.  通信回復後に処理する事務"""
