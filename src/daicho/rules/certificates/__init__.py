"""What paper may say of a resident, and to whom it may be handed.  証明"""
