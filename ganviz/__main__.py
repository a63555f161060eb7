"""``python -m ganviz``: the same as the command ``ganviz``."""

import sys

from ganviz.loading import torch_before_qt

torch_before_qt()

from ganviz.cli import main

if __name__ == "__main__":
    sys.exit(main())
