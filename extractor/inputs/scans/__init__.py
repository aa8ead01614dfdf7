"""Scans and pictures of pages: recognised twice, and read only where both recognitions agree.

``engine`` finds and recognises lines of text, ``paper`` straightens a page and finds its rules, ``looks``
recognises each figure again and compares, ``pages`` makes of it all pages like those of a PDF with text.
"""
