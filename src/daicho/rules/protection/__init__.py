"""支援措置: whose address is kept from whom, from the application to its end.  支援措置"""
