"""The pages: one module a page, which says what is on it; its template in `reports/` says how."""
