"""``ganviz data PATH``: what a file or folder of one's own would give."""

from __future__ import annotations

from pathlib import Path

from ganviz.cli.parser import Parser
from ganviz.cli.reading import reading_bar
from ganviz.data.files.contents import ACCEPTED, IMAGE_SIZES


def data(words: list[str]) -> int:
    """Run ``ganviz data``; returns the exit code."""
    parser = Parser(prog="ganviz data", description=f"What PATH would give as data: {ACCEPTED}.")
    parser.add_argument("path", metavar="PATH", help="a file or a folder")
    parser.add_argument(
        "--size",
        choices=tuple(map(str, IMAGE_SIZES)),
        help="height and width of images; without it and --colour those that fit them",
    )
    parser.add_argument("--colour", action="store_true", help="images in colour")
    options = parser.parse_args(words)

    from ganviz.data.preview import describe

    size, colour = int(options.size or 28), "colour" if options.colour else "grey"
    with reading_bar() as tell:
        fit = not options.size and not options.colour
        preview = describe(Path(options.path), size, colour, tell, fit)
    for name, value in preview.lines():
        print(f"{name:<8} {value}")
    settings = [f"data_path={options.path}"]
    settings += [f"{key}={value}" for key, value in preview.image_settings().items()]
    if preview.kind == "images":
        settings.append("network=dcgan")
    print("use      ganviz train --set data=file " + " ".join(f'--set "{text}"' for text in settings))
    return 0
