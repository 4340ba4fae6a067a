"""What the record says of insurance, pension, allowance and the voters' list.  個別記載事項"""
