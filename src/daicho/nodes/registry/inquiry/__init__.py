"""What the registry asks the Agency by way of its CS.  機構への照会"""
