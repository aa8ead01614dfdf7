"""From a source text to clean lines of fields, with the way back from every range.

`verify.document.view` holds a rewritten text and its offsets, `verify.document.shapes` the order of the
rewritings, `verify.document.folded` the text that everything behind this package reads.
"""
