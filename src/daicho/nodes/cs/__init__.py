"""The communication server.  コミュニケーションサーバ"""
