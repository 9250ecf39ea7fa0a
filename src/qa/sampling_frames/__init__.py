"""Sampling frames: the cases that audits of a cycle are drawn from, frozen as a list gave them."""
