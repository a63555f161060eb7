"""Closed forms of the papers in NumPy: one result a function, equation and source in its docstring."""
