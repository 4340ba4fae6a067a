"""The seal that a resident has registered, from the application to its end, and the certificate of it.  印鑑登録"""
