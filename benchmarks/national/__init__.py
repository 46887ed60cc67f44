"""The same task on national records, by the toolkit and by what one would use instead of it."""
