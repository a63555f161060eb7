"""Abuse: what a class, a full disk and a pulled plug do to the program, as commands that can be repeated.

``python -m ganviz.bench.abuse [monkey|kill|garbage|divergence|soak|close] [--quick]``. It ships with the
program, so that a machine on which something went wrong can be tried there, and stands in the room of the
benches because it drives the real window and times it; it is no word of ``ganviz``, because nobody needs it
to learn. The command line is abused from outside, as a process.
"""
