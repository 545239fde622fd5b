"""One test for each promise of the product's texts, by its number. `test_coverage.py` knows which are kept today."""
