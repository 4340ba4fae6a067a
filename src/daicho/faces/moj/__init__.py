"""The pages of whoever plays the Ministry of Justice in a demonstration: files in, files out.  出入国在留管理庁（模擬）"""
