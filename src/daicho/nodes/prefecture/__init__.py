"""The prefectural server.  都道府県サーバ"""
