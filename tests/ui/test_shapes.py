"""The shapes in which panels stand, and the room that they need."""

import pytest
from PySide6.QtCore import QSize

from ganviz.ui.layouts import MOST
from ganviz.ui.shapes import NARROW, WIDE, Shape, height_of, shape_for


def test_every_number_of_panels_has_its_shape() -> None:
    for table, widest in ((WIDE, 3), (NARROW, 2)):
        assert list(table) == list(range(1, MOST + 1))
        assert all(sum(shape.lines) == count for count, shape in table.items())
        assert all(shape.columns <= widest for shape in table.values())


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_six_panels_stand_three_abreast_from_the_size_at_which_each_can_be_read(scale: float) -> None:
    # three panels and the four gaps of 8 pixels beside them; two panels and three gaps
    least = QSize(round(3 * 350 * scale) + 4 * 8, round(2 * 268 * scale) + 3 * 8)
    assert shape_for("overview", 6, least, scale) == Shape((3, 3))
    for smaller in (least - QSize(1, 0), least - QSize(0, 1)):
        assert shape_for("overview", 6, smaller, scale) == Shape((2, 2, 2))
    assert shape_for("overview", 6, None, scale) == Shape((3, 3))


def test_a_layout_of_its_own_shape_gives_it_up_where_the_window_is_small() -> None:
    assert str(shape_for("images", 4, QSize(1600, 900), 1.0)) == "2|2"
    assert str(shape_for("images", 4, QSize(600, 400), 1.0)) == "2+2"
    assert str(shape_for("overview", 4, QSize(1600, 900), 1.0)) == "2+2"


def test_rows_that_scroll_are_higher_than_rows_that_fit() -> None:
    assert height_of(3, 3 * 268 + 4 * 8, 1.0) == 3 * 268 + 4 * 8
    assert height_of(3, 3 * 268 + 4 * 8 - 1, 1.0) == 3 * 340 + 4 * 8
    assert height_of(1, 100, 1.0) == 268 + 2 * 8
