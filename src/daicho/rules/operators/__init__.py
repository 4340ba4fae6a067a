"""Roles, permissions, sessions, the second-person rule.  操作者"""
