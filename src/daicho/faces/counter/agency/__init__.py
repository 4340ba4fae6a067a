"""Pages of the nation's press: bundles of notices of individual numbers, sheets printed anew, files that were refused.  機構"""
