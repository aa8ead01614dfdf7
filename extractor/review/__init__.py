"""Review: what needs a person's look, worked through in a browser; see docs/review.md for what it trusts."""
