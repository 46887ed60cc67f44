"""Raw rows from publishers' files: every value text, each row with its file and place in it."""
