"""The pages: one module a page, which says what stands on it; its template in `reports/` says how."""
