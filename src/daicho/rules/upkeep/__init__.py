"""Keeping the register right: reports, movers who do not arrive, reminders, surveys, remaking.  正確な記録の確保"""
