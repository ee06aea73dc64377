"""Measurements behind bin/bench; no tests."""
