"""Parts of pages: each answers one question of one force, and leads with the answer."""
