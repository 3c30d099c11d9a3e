"""PNG: drawn offline with a font of this machine, and plain words where there is none."""

import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageFont

from aaworkflow.analysis.drawing.chart import chart_of
from aaworkflow.analysis.drawing.layout import lay_out
from aaworkflow.analysis.drawing.png import find_font, png_of
from aaworkflow.errors import AnalysisError
from aaworkflow.rulesets import load_ruleset

AA = load_ruleset(Path(__file__).parents[2] / "rulesets/aa")
LAYOUT = lay_out(chart_of(AA, AA.procedures["sales_contract"], None, "zh"))


def test_without_a_chinese_font_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AAWORKFLOW_FONT", raising=False)
    monkeypatch.setattr("aaworkflow.analysis.drawing.png._FOLDERS", ("/nowhere",))
    with pytest.raises(AnalysisError) as refused:
        png_of(LAYOUT)
    assert refused.value.code == "no_chinese_font"
    assert "fonts-noto-cjk" in refused.value.text("en")


def test_a_file_that_is_no_font_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.ttf").write_text("no font")
    monkeypatch.setenv("AAWORKFLOW_FONT", str(tmp_path / "a.ttf"))
    with pytest.raises(AnalysisError) as refused:
        png_of(LAYOUT)
    assert (refused.value.code, refused.value.file) == ("font_not_readable", str(tmp_path / "a.ttf"))


def test_without_pillow_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(AnalysisError) as refused:
        png_of(LAYOUT)
    assert refused.value.code == "drawing_needs_pillow"


def test_the_picture_is_as_large_as_asked_and_has_ink_where_the_layout_has_boxes(tmp_path: Path) -> None:
    font = find_font()
    if font is None:  # a machine without Chinese fonts: any font shows the shapes
        font = tmp_path / "plain.ttf"
        built_in = ImageFont.load_default(12)
        font.write_bytes(built_in.font_bytes)
    image = Image.open(BytesIO(png_of(LAYOUT, scale=1.0, font=font)))
    assert abs(image.width - LAYOUT.width) <= 1
    assert abs(image.height - LAYOUT.height) <= 1
    for box in LAYOUT.boxes.values():
        if box.node.kind == "task":
            inside = image.crop(
                (int(box.x) + 3, int(box.y) + 3, int(box.x + box.width) - 3, int(box.y + box.height) - 3)
            )
            assert inside.convert("L").getextrema()[0] < 100, f"no text in {box.node.id}"
