"""What the errors say, one module for each room: code -> (en, zh), with the names of the data in braces."""
