"""Synthetic patients with analytic truth: sample cases, the tests' truth, the self-test."""
