"""The pages of whoever plays the Ministry of Justice in a demonstration: files in, files out.  法務省連携端末（模擬）"""
