"""The end of keeping: what is disposed of by two people, what holds it up, boxes of paper, the record of destruction."""
