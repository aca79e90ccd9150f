"""What values a field of the recipe may have: reading, checking and writing them."""
