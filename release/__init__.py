"""What a release is made of, and what is asked of it. `make release-check` runs all that can be done on one machine."""
