"""First floor: certificates and notices as PDF, their glyphs and their seal; a value goes in, paper comes out."""
