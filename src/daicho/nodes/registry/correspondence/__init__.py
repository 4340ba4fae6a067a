"""What the town writes outside a certificate: letters of cases, surveys, seals and changed names.  文書"""
