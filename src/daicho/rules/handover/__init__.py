"""Moving a whole register between makers' systems: the layout, what is checked, how both sides are compared.  データ移行"""
