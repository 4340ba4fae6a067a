"""What every keeper of records does at the end of keeping: lists, two people's word, destruction, proof, holds, boxes."""
