"""``ganviz data PATH``: what a file or folder of one's own would give."""

from __future__ import annotations

from pathlib import Path

from ganviz.cli.parser import Parser
from ganviz.cli.reading import reading_bar
from ganviz.experiment.data import IMAGE_SIZES


def data(words: list[str]) -> int:
    """Run ``ganviz data``; returns the exit code."""
    from ganviz.data.files.contents import ACCEPTED

    parser = Parser(prog="ganviz data", description=f"What PATH would give as data: {ACCEPTED}.")
    parser.add_argument("path", metavar="PATH", help="a file or a folder")
    parser.add_argument(
        "--size",
        choices=tuple(map(str, IMAGE_SIZES)),
        default="28",
        help="height and width of images (default 28)",
    )
    parser.add_argument("--colour", action="store_true", help="images in colour")
    options = parser.parse_args(words)

    from ganviz.data.preview import describe

    colour = "colour" if options.colour else "grey"
    with reading_bar() as tell:
        preview = describe(Path(options.path), int(options.size), colour, tell)
    for name, value in preview.lines():
        print(f"{name:<8} {value}")
    settings = [f"data_path={options.path}"]
    if preview.kind == "images":
        settings += [f"image_size={options.size}", f"image_colour={colour}"]
    print("use      ganviz train --set data=file " + " ".join(f'--set "{text}"' for text in settings))
    return 0
