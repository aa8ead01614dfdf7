"""Rules for people: their examples as printed reports and in words, and how far identities follow from each other."""
