"""The user's own data, written here by struct, NumPy, csv and Pillow, and read back by the program."""

import csv
import gzip
import io
import os
import struct
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import integrate, stats

from ganviz.data import make_source
from ganviz.data.files import reading, stacks
from ganviz.data.files.contents import ReadingCancelledError
from ganviz.data.files.rows import FileRows
from ganviz.data.preview import describe
from ganviz.data.refusal import DataError
from ganviz.data.shared import is_at_hand, shared_source
from ganviz.experiment import Experiment, ExperimentError

BYTES = np.random.default_rng(0).integers(0, 256, (50, 28, 28), dtype=np.uint8)
LABELS = (np.arange(50) % 7).astype(np.uint8)
SETTINGS = {"image_size": 28, "image_colour": "grey", "radius": 2.0, "data_scale": "fit"}


def own(path: Path, **settings):
    return make_source("file", data_path=str(path), **SETTINGS | settings)


def idx(values: np.ndarray) -> bytes:
    codes = {"uint8": 8, "int8": 9, "int16": 11, "int32": 12, "float32": 13, "float64": 14}
    header = struct.pack(f">BBBB{values.ndim}I", 0, 0, codes[str(values.dtype)], values.ndim, *values.shape)
    return header + values.astype(values.dtype.newbyteorder(">")).tobytes()


def pixels(source) -> np.ndarray:
    """All images as they were read, 0 to 255, (n, channels, height, width)."""
    rows = source.rows(np.arange(source.count))
    return np.rint((rows + 1.0) * 127.5).reshape(-1, *source.image_shape)


# ------------------------------------------------------------ arrays of images


@pytest.mark.parametrize("packed", [False, True])
def test_idx_with_its_labels_beside_it(tmp_path, packed):
    end = ".gz" if packed else ""
    pack = gzip.compress if packed else bytes
    (tmp_path / f"train-images-idx3-ubyte{end}").write_bytes(pack(idx(BYTES)))
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx(LABELS))
    source = own(tmp_path / f"train-images-idx3-ubyte{end}")
    assert source.id == "file"
    assert np.array_equal(pixels(source)[:, 0], BYTES)
    assert np.array_equal(source.labels, LABELS)
    assert source.class_names == tuple("0123456")
    assert source.rows([4]).dtype == np.float32
    drawn = {sample.tobytes() for sample in source.sample(np.random.default_rng(0), 500)}
    assert drawn <= {row.tobytes() for row in source.rows(np.arange(50))}


@pytest.mark.parametrize("kind", ["int16", "int32", "float32", "float64"])
def test_idx_of_every_type(tmp_path, kind):
    values = (BYTES / 255).astype(kind) if kind.startswith("float") else BYTES.astype(kind)
    (tmp_path / "set.idx").write_bytes(idx(values))
    assert np.abs(pixels(own(tmp_path / "set.idx"))[:, 0] - BYTES).max() <= 0.001


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        (BYTES, BYTES),
        (BYTES.reshape(50, -1), BYTES),
        (BYTES[..., None], BYTES),
        (np.asfortranarray(BYTES), BYTES),
        (BYTES / 255, BYTES),
        (BYTES / 127.5 - 1, BYTES),
        (BYTES.astype(np.float32), BYTES),
        (BYTES.astype(np.uint16) * 257, BYTES),
        (BYTES > 127, np.where(BYTES > 127, 255, 0)),
        (BYTES // 16, np.rint((BYTES // 16) * (255.0 / 16))),
    ],
)
@pytest.mark.parametrize("archive", [False, True])
def test_arrays_of_numpy_in_every_scale(tmp_path, values, shown, archive):
    path = tmp_path / ("set.npz" if archive else "set.npy")
    np.savez_compressed(path, images=values, labels=LABELS) if archive else np.save(path, values)
    source = own(path)
    assert np.array_equal(pixels(source)[:, 0], shown)
    assert (source.labels is not None) == archive


@pytest.mark.parametrize("first", [False, True])
def test_colours_in_both_orders_of_axes(tmp_path, first):
    colours = np.random.default_rng(1).integers(0, 256, (5, 28, 28, 3), dtype=np.uint8)
    np.save(tmp_path / "set.npy", colours.transpose(0, 3, 1, 2) if first else colours)
    source = own(tmp_path / "set.npy", image_colour="colour")
    assert source.image_shape == (3, 28, 28)
    assert np.array_equal(pixels(source), colours.transpose(0, 3, 1, 2))
    grey = pixels(own(tmp_path / "set.npy"))[:, 0]
    wanted = [np.asarray(Image.fromarray(image).convert("L")) for image in colours]
    assert np.array_equal(grey, wanted)


def test_other_sizes_are_resized_as_pillow_does(tmp_path):
    wide = np.random.default_rng(1).integers(0, 256, (4, 40, 60), dtype=np.uint8)
    np.save(tmp_path / "set.npy", wide)
    found = pixels(own(tmp_path / "set.npy", image_size=16))[:, 0]
    for image, shown in zip(wide, found, strict=True):
        middle = Image.fromarray(image[:, 10:50]).resize((16, 16), Image.Resampling.BICUBIC)
        assert np.abs(np.asarray(middle, dtype=float) - shown).max() <= 1


def test_a_set_too_large_to_be_held_is_read_row_by_row(tmp_path, monkeypatch):
    (tmp_path / "set.idx").write_bytes(idx(BYTES))
    np.save(tmp_path / "set.npy", BYTES)
    (tmp_path / "set.gz").write_bytes(gzip.compress(idx(BYTES)))
    monkeypatch.setattr(stacks, "MOST_KEPT", 1000)
    for name in ("set.idx", "set.npy"):
        source = own(tmp_path / name)
        assert isinstance(source.contents.pixels, FileRows)
        assert np.array_equal(pixels(source)[:, 0], BYTES)
        order = np.array([7, 3, 3, 49, 0])
        assert np.array_equal(source.rows(order), source.rows(np.arange(50))[order])
    for name, settings in (("set.gz", {}), ("set.npy", {"image_size": 16})):
        with pytest.raises(DataError, match=r"50 images; accepted: up to .* in this image size"):
            own(tmp_path / name, **settings)
    os.truncate(tmp_path / "set.idx", 20_000)
    with pytest.raises(DataError, match="it has become shorter; accepted: the file as it was"):
        own(tmp_path / "set.npy") and source.contents.pixels.__class__(tmp_path / "set.idx", 16, 50, 784)[
            np.array([49])
        ]


# ------------------------------------------------------------ pictures


def test_a_folder_of_folders_is_classes_in_order(tmp_path):
    for name, level in (("b", 10), ("a", 200)):
        (tmp_path / name).mkdir()
        for number, end in enumerate(("png", "jpg", "bmp", "gif", "webp", "PNG")):
            grey = Image.new("L", (30 + number, 40), level + number)
            grey.save(tmp_path / name / f"{number}.{end}", format=None if end != "jpg" else "jpeg")
    (tmp_path / "b" / "9.png").write_bytes(b"no picture")
    (tmp_path / "b" / "notes.txt").write_text("no picture either")
    source = own(tmp_path)
    assert source.class_names == ("a", "b")
    assert source.labels.tolist() == [0] * 6 + [1] * 6
    means = pixels(source).mean(axis=(1, 2, 3))
    assert np.abs(means - [*range(200, 206), *range(10, 16)]).max() <= 1.5
    preview = describe(tmp_path)
    assert preview.class_counts == (6, 6)
    assert preview.warnings == ("1 that cannot be read are left out: 9.png.",)
    assert preview.shape == "6 sizes, 30 × 40 to 35 × 40"


@pytest.mark.parametrize(
    ("size", "mode", "level", "used"),
    [
        ((64, 64), "RGB", (200, 30, 30), (3, 64, 64)),
        ((16, 18), "RGB", (80, 80, 80), (1, 16, 16)),  # saved in colour, and grey
        ((20, 12), "L", 90, (1, 16, 16)),
        ((300, 200), "P", 1, (3, 28, 28)),  # larger than any size: as asked
    ],
)
def test_images_come_in_the_form_that_fits_them(tmp_path, size, mode, level, used):
    picture = Image.new(mode, size, level)
    if mode == "P":
        picture.putpalette([0, 0, 0, 10, 200, 10])
    picture.save(tmp_path / "0.png")
    assert describe(tmp_path, fit=True).image_shape == used
    assert describe(tmp_path).image_shape == (1, 28, 28)


def test_a_stack_fits_by_its_own_sides(tmp_path):
    np.save(tmp_path / "grey.npy", np.full((3, 9, 8), 7, np.uint8))
    np.save(tmp_path / "colour.npy", np.full((3, 60, 60, 4), 7, np.uint8))
    assert describe(tmp_path / "grey.npy", fit=True).image_shape == (1, 8, 8)
    assert describe(tmp_path / "colour.npy", fit=True).image_shape == (3, 64, 64)


def test_pictures_of_every_mode(tmp_path):
    ramp = np.tile(np.linspace(0, 255, 28).astype(np.uint8), (28, 1))
    Image.fromarray(ramp).save(tmp_path / "0.png")
    Image.fromarray(ramp.astype(np.uint16) * 257).save(tmp_path / "1.png")
    Image.fromarray(ramp).convert("P").save(tmp_path / "2.gif")
    clear = np.dstack([ramp, ramp, ramp, np.full_like(ramp, 255)])
    clear[:, :14, 3] = 0
    Image.fromarray(clear, "RGBA").save(tmp_path / "3.png")
    Image.fromarray(ramp > 127).save(tmp_path / "4.png")
    shown = pixels(own(tmp_path))[:, 0]
    assert np.array_equal(shown[0], ramp)
    assert np.abs(shown[1] - ramp).max() <= 1
    assert np.abs(shown[2] - ramp).max() <= 1
    assert (shown[3][:, :14] == 255).all()
    assert np.abs(shown[3][:, 14:] - ramp[:, 14:]).max() <= 1
    assert np.array_equal(shown[4], np.where(ramp > 127, 255, 0))


def test_a_picture_is_a_density(tmp_path):
    grey = np.full((40, 80), 255, np.uint8)
    grey[5:15, 60:75] = 0  # a dark patch, up on the right
    grey[30:, :20] = 155
    Image.fromarray(grey).save(tmp_path / "picture.png")
    source = own(tmp_path / "picture.png", radius=2.0)
    assert source.has_density
    assert source.extent == ((-2.5, 2.5),) * 2
    width = 4.0 / 80
    edges = (np.linspace(-2, 2, 81), np.linspace(-1, 1, 41))
    wanted = (255.0 - grey[::-1].T) / (255.0 - grey).sum()
    assert source.cell_masses(edges) == pytest.approx(wanted, abs=1e-15)
    assert source.density([[1.4, 0.5], [-1.9, -0.9], [0.0, 0.0], [0.0, 1.5]]) == pytest.approx(
        np.array([255, 100, 0, 0]) / (255.0 - grey).sum() / width**2
    )
    coarse = tuple(np.linspace(-2.5, 2.5, 9) for _ in range(2))
    expected = 100_000 * source.cell_masses(coarse)
    counts, *_ = np.histogram2d(*source.sample(np.random.default_rng(0), 100_000).T, bins=coarse)
    assert counts[expected == 0].sum() == 0
    assert stats.chisquare(counts[expected > 0], expected[expected > 0]).pvalue > 1e-3
    mass, _ = integrate.dblquad(lambda y, x: source.density([[x, y]])[0], 1.1, 1.2, 0.3, 0.4)
    assert mass == pytest.approx(source.cell_masses((np.array([1.1, 1.2]), np.array([0.3, 0.4])))[0, 0])


# ------------------------------------------------------------ points


@pytest.mark.parametrize("sign", [",", ";", "\t", " "])
@pytest.mark.parametrize("header", [False, True])
def test_tables_of_points(tmp_path, sign, header):
    points = np.random.default_rng(0).normal(size=(200, 2)) * [30, 3] + 100
    with (tmp_path / "set.csv").open("w", newline="") as file:
        writer = csv.writer(file, delimiter=sign)
        writer.writerows([["x", "y"]] * header)
        writer.writerows(points.tolist())
    kept = own(tmp_path / "set.csv", data_scale="keep")
    assert np.array_equal(kept.rows(np.arange(200)), points.astype(np.float32))
    fitted = own(tmp_path / "set.csv", radius=3.0)
    assert np.abs(fitted.points).max() == pytest.approx(3.0)
    back = fitted.points / fitted.factor + fitted.middle
    assert np.abs(back - points).max() < 1e-4
    assert not fitted.has_density


def test_tables_as_spreadsheets_write_them(tmp_path):
    (tmp_path / "a.csv").write_text("\ufeffZeit\n1,5\n-,5\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text('# a note\r\n"x";"y"\r\n1,5;-2\r\n\r\n,25;3e1\r\n', encoding="utf-8")
    assert own(tmp_path / "b.csv", data_scale="keep").points.tolist() == [[1.5, -2.0], [0.25, 30.0]]
    (tmp_path / "c.csv").write_text("größe\n3\n", encoding="latin-1")
    (tmp_path / "d.csv").write_text("größe\tBreite\n3\t4\n", encoding="utf-16")
    assert own(tmp_path / "a.csv", data_scale="keep").points.tolist() == [[1.5], [-0.5]]
    assert own(tmp_path / "c.csv", data_scale="keep").points.tolist() == [[3.0]]
    assert own(tmp_path / "d.csv", data_scale="keep").points.tolist() == [[3.0, 4.0]]


@pytest.mark.parametrize("shape", [(30,), (30, 1), (30, 2)])
def test_arrays_of_points(tmp_path, shape):
    points = np.random.default_rng(0).normal(size=shape)
    np.save(tmp_path / "set.npy", points)
    source = own(tmp_path / "set.npy", data_scale="keep")
    assert source.dim == (2 if shape[1:] == (2,) else 1)
    assert np.array_equal(source.rows(np.arange(30)), points.reshape(30, -1).astype(np.float32))


# ------------------------------------------------------------ refusals


def bomb() -> bytes:
    """A PNG of a few bytes that claims 100,000 pixels a side."""
    made = io.BytesIO()
    Image.new("1", (8, 8)).save(made, "PNG")
    content = made.getvalue()
    import zlib

    header = content[12:16] + struct.pack(">II", 100_000, 100_000) + content[24:29]
    return content[:12] + header + struct.pack(">I", zlib.crc32(header)) + content[33:]


def archive(**arrays: np.ndarray) -> bytes:
    made = io.BytesIO()
    np.savez(made, **arrays)
    return made.getvalue()


def array(values: np.ndarray) -> bytes:
    made = io.BytesIO()
    np.save(made, values, allow_pickle=True)
    return made.getvalue()


def claiming(shape: str) -> bytes:
    content = array(BYTES[:1])
    return content.replace(b"(1, 28, 28)", shape.encode(), 1).replace(b" " * (len(shape) - 11), b"", 1)


NAN = np.where(np.arange(20)[:, None, None] == 7, np.nan, np.full((20, 8, 8), 0.5))
REFUSED = {
    "cut-idx": (idx(BYTES)[:5000], "5,000 bytes, its sizes (50, 28, 28) ask for 39,216; accepted: the whole"),
    "cut.gz": (gzip.compress(idx(BYTES))[:5000], "damaged gzip"),
    "other.gz": (gzip.compress(b"something"), "not IDX (its first four bytes are no magic number)"),
    "labels-idx": (idx(LABELS), "one number a row, as of labels"),
    "none-idx": (idx(BYTES[:0]), "no rows in it"),
    "large-idx": (idx(BYTES[:1])[:4] + struct.pack(">3I", 2**31, 2**31, 2) + b"x", "says that it holds"),
    "pickle.npy": (array(np.array([{}, []], dtype=object)), "type object; accepted: truth values"),
    "words.npy": (array(np.array(["a", "b"])), "type <U1"),
    "complex.npy": (array(np.ones((3, 2), complex)), "type complex128"),
    "nan.npy": (array(NAN), "image 8: a number that is not finite"),
    "nan-points.npy": (
        array(np.array([[1.0, 2.0], [np.inf, 3.0]])),
        "row 2: inf 3; accepted: finite numbers",
    ),
    "wide.npy": (array(np.ones((5, 7))), "shape 5 × 7; accepted: images (n, height, width)"),
    "deep.npy": (array(np.ones((2, 3, 4, 5, 6))), "shape 2 × 3 × 4 × 5 × 6"),
    "bright.npy": (array(np.full((3, 8, 8), 300.0)), "pixels from 300 to 300; accepted: decimals in"),
    "scalar.npy": (array(np.float64(3)), "no rows in it"),
    "claims.npy": (claiming("(9999999999, 28, 28)"), "says that it holds"),
    "cut.npy": (array(BYTES)[:3000], "3,000 bytes, its shape (50, 28, 28) asks for"),
    "cut.npz": (archive(images=BYTES)[:3000], "damaged archive"),
    "two.npz": (archive(a=BYTES, b=BYTES), "which of its arrays (a, b) are the data?"),
    "none.npz": (archive(), "which of its arrays (none) are the data?"),
    "words.csv": (b"x,y\n1,2\n3,four\n", "line 3, column 2: 'four' is no number"),
    "nan.csv": (b"1,2\n3,nan\n", "line 2, column 2: nan; accepted: a finite number"),
    "wide.csv": (b"1,2,3\n", "line 1: 3 columns; accepted: one or two numbers a line"),
    "ragged.csv": (b"1,2\n3\n", "line 2: 1 column, 2 before it"),
    "heading.csv": (b"x,y\n", "no points in it"),
    "long.csv": (b"1" * 50_000, "line 1: longer than 10,000 letters"),
    "noise.csv": (bytes(range(128, 250)) * 9 + b"\n" + bytes(range(200, 250)) + b"\n1,2\n", "is no number"),
    "empty.csv": (b"", "an empty file"),
    "bomb.png": (bomb(), "a picture of far too many pixels (a decompression bomb?)"),
    "cut.png": (None, "damaged picture (image file is truncated"),
    "no.png": (b"no picture", "no picture that can be read (cannot identify image file"),
    "white.png": (None, "nothing in it is darker than white"),
    "program": (b"\x7fELF\0\0\0\0", "a kind of file that is not known"),
    "page.pdf": (b"%PDF-1.4\n%", "its contents are not points or images"),
    "text.npz": (b"1,2\n3,4\n", "its contents are not NPZ"),
    "text.npy": (b"1,2\n3,4\n", "its contents are not NPY"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_refused_in_one_line(tmp_path, name):
    content, reason = REFUSED[name]
    path = tmp_path / name
    if name == "white.png":
        Image.new("L", (20, 20), 255).save(path)
    elif name == "cut.png":
        Image.fromarray(BYTES.reshape(-1, 28)).save(path)
        os.truncate(path, 9000)
    else:
        path.write_bytes(content)
    with pytest.raises(DataError) as refused:
        describe(path)
    line = str(refused.value)
    assert line.startswith(str(path)) and reason in line and "; accepted: " in line
    assert line.isprintable() and len(line) < 700


def test_places_that_hold_nothing_are_refused(tmp_path):
    (tmp_path / "nothing").mkdir()
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(3_000_000_000)
    for path, reason in (
        (tmp_path / "gone", "there is no such file or folder"),
        (tmp_path / "nothing", "no pictures in this folder"),
        (tmp_path / "huge", "3.0 GB; accepted: a file of up to 2.0 GB"),
        (Path(""), "data_path: no file or folder is named"),
        (Path("a\0b"), "data_path: no file or folder is named"),
        (Path("x" * 5000), "there is no such file or folder"),
    ):
        with pytest.raises(DataError, match=reason.replace(".", r"\.")):
            describe(path)


def test_an_archive_that_unpacks_to_more_than_it_claims_is_read_no_further(tmp_path):
    """Rows are read by the header's shape; what an archive packs behind them is never unpacked."""
    with zipfile.ZipFile(tmp_path / "set.npz", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("images.npy", array(BYTES) + bytes(300_000_000))
    assert np.array_equal(pixels(own(tmp_path / "set.npz"))[:, 0], BYTES)


# ------------------------------------------------------------ preview, progress, sharing


def test_a_preview_says_what_there_is(tmp_path):
    (tmp_path / "train-images-idx3-ubyte").write_bytes(idx(BYTES))
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx(LABELS))
    told: list[float] = []
    preview = describe(tmp_path / "train-images-idx3-ubyte", tell=told.append)
    assert (preview.kind, preview.count, preview.shape) == ("images", 50, "28 × 28")
    assert (preview.low, preview.high) == (BYTES.min(), BYTES.max())
    assert np.array_equal(preview.thumbnails[:, 0], BYTES[:24])
    assert preview.class_counts == tuple(np.bincount(LABELS))
    assert told == sorted(told) and told[-1] == 1.0
    assert dict(preview.lines())["shape"] == "28 × 28, used as 28 × 28 in grey"
    again = describe(tmp_path / "train-images-idx3-ubyte", tell=lambda _: pytest.fail("it was read again"))
    assert again.count == 50


def test_labels_that_do_not_fit_are_left_out_and_said(tmp_path):
    (tmp_path / "train-images-idx3-ubyte").write_bytes(idx(BYTES))
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx(LABELS[:9]))
    preview = describe(tmp_path / "train-images-idx3-ubyte")
    assert preview.class_names == ()
    assert "labels of shape (9,)" in preview.warnings[0]


def test_reading_can_be_cancelled(tmp_path):
    for number in range(30):
        Image.new("L", (8, 8), number).save(tmp_path / f"{number}.png")

    def enough(part: float) -> None:
        if part > 0.5:
            raise ReadingCancelledError

    with pytest.raises(ReadingCancelledError):
        describe(tmp_path, tell=enough)
    assert describe(tmp_path).count == 30


def test_sources_are_shared_until_the_file_changes(tmp_path):
    path = tmp_path / "set.npy"
    np.save(path, BYTES)
    settings = SETTINGS | {"data_path": str(path)}
    first = shared_source("file", settings)
    assert shared_source("file", settings) is first
    np.save(path, BYTES[:40])
    os.utime(path, ns=(1, 1))
    assert shared_source("file", settings) is first  # which a run may still train on
    path.unlink()
    assert shared_source("file", settings) is first
    np.save(path, BYTES[:40])
    second = shared_source("file", settings, anew=True)
    assert second.count == 40 and first.count == 50
    assert shared_source("file", settings) is second


def test_what_somebody_still_has_is_not_read_again(tmp_path, monkeypatch):
    read = []
    really = reading.read
    monkeypatch.setattr(reading, "read", lambda *given: read.append(given) or really(*given))
    all_settings = []
    for number in range(4):
        np.save(tmp_path / f"{number}.npy", BYTES)
        all_settings.append(SETTINGS | {"data_path": str(tmp_path / f"{number}.npy")})
    assert not is_at_hand("file", all_settings[0])
    first = shared_source("file", all_settings[0])
    for settings in all_settings[1:]:
        shared_source("file", settings)
    assert shared_source("file", all_settings[0]) is first
    assert shared_source("file", all_settings[0], anew=True) is first
    assert len(read) == 4 and is_at_hand("file", all_settings[0])
    assert not is_at_hand("file", all_settings[1])  # nobody has it, and others came after it


def test_paths_begin_at_the_experiments_file(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    np.save(tmp_path / "a" / "set.npy", BYTES)
    (tmp_path / "a" / "mine.toml").write_text('data = "file"\ndata_path = "set.npy"\n')
    monkeypatch.chdir(tmp_path)
    loaded = Experiment.load(tmp_path / "a" / "mine.toml")
    assert loaded.data_path == str(tmp_path / "a" / "set.npy")
    assert loaded.source().count == 50
    assert tomllib.loads(loaded.to_toml(tmp_path / "a"))["data_path"] == "set.npy"
    assert tomllib.loads(loaded.to_toml(tmp_path / "b"))["data_path"] == loaded.data_path
    given = Experiment(data="file").assign(["data_path=a/set.npy"])
    assert given.data_path == loaded.data_path
    with pytest.raises(ExperimentError, match="there is no such file"):
        given.replace(data_path="set.npy").source()
