"""The national server.  全国サーバ (機構)"""
