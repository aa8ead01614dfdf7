"""Tables with known rows and columns: their fields, what heads them, and what stands in each cell.

`verify.match.grid` cuts the lines of a printed table into fields, `verify.match.names` names a header or a
label by the nearest official one or not at all, `verify.match.columns` takes the cells of a row by the
headers over them, `verify.match.crossed` the cells of tables in which other words name them.
"""
