"""Results that are stored, of whatever maker: taken apart, read again, and held against what follows.

`parts` takes the JSON apart, `restore` makes readings of its spans and states, and `follows` holds what
the verifier then says against what is stored. Nothing here reads a file or knows a reader.
"""
