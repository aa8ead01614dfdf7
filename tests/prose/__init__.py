"""Reports whose prose says true and false things about their tables, to measure what is noticed."""
