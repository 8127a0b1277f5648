"""The icon, judged by its pixels: told apart without colour, plain on every panel, crisp, numbered where due."""

from __future__ import annotations

import colorsys
import itertools
import math
import statistics
import subprocess
import sys
from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageStat

from tray_status.core.model import Impact
from tray_status.tray import art
from tray_status.tray.art import Look, Theme, draw

SIZES = (16, 22, 24, 32, 44, 48)
BLACK, GREY, WHITE = 0, 128, 255
STATES = {impact.value: Look(impact) for impact in Impact} | {"offline": Look(Impact.UNKNOWN, offline=True)}
_NUMBERED = [Look(impact, count) for impact in (Impact.MAJOR, Impact.CRITICAL) for count in (1, 5, 12)]
NUMBERED = {f"{look.impact.value} {look.count}": look for look in _NUMBERED}
ALL = STATES | NUMBERED

each_size = pytest.mark.parametrize("size", SIZES)


def on_panel(icon: Image.Image, grey: int) -> Image.Image:
    panel = Image.new("RGBA", icon.size, (grey, grey, grey, 255))
    panel.alpha_composite(icon)
    return panel.convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures in greyscale, from 0 to 255."""
    return ImageStat.Stat(ImageChops.difference(one.convert("L"), other.convert("L"))).mean[0]


def pixels(icon: Image.Image) -> list[tuple[int, int, int, int]]:
    return [icon.getpixel((x, y)) for y in range(icon.height) for x in range(icon.width)]


def luminance(colour: tuple[int, ...]) -> float:
    parts = [part / 255 for part in colour[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """WCAG 2 contrast, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def share_of_edge_that_stands_out(icon: Image.Image, grey: int, directions: int = 72) -> float:
    """In how many directions, seen from outside, one of the first few pixels has 3:1 contrast to the panel."""
    size, panel, shown = icon.width, (grey, grey, grey), on_panel(icon, grey)
    depth = max(4, size // 5)
    plain = 0
    for step in range(directions):
        angle = 2 * math.pi * step / directions
        path = dict.fromkeys(
            (int(size / 2 + reach / 4 * math.cos(angle)), int(size / 2 + reach / 4 * math.sin(angle)))
            for reach in range(3 * size, -1, -1)
        )
        inside = [(x, y) for x, y in path if 0 <= x < size and 0 <= y < size and icon.getpixel((x, y))[3] > 0]
        plain += any(contrast(shown.getpixel(place), panel) >= 3 for place in inside[:depth])
    return plain / directions


@each_size
@pytest.mark.parametrize("panel", [BLACK, GREY, WHITE])
def test_every_two_states_differ_in_greyscale(size, panel):
    shown = {name: on_panel(draw(look, size), panel) for name, look in STATES.items()}
    differences = {(a, b): difference(shown[a], shown[b]) for a, b in itertools.combinations(shown, 2)}
    assert min(differences.values()) > 20, min(differences, key=differences.__getitem__)


@each_size
def test_every_two_states_differ_in_silhouette(size):
    """Even filled with one colour they could be told apart."""
    outlines = {name: draw(look, size).getchannel("A") for name, look in STATES.items()}
    differences = {(a, b): difference(outlines[a], outlines[b]) for a, b in itertools.combinations(outlines, 2)}
    assert min(differences.values()) > 0.03 * 255, min(differences, key=differences.__getitem__)


@each_size
@pytest.mark.parametrize(
    ("impact", "degrees"),
    [
        (Impact.NONE, 135),
        (Impact.NOTICE, 135),
        (Impact.MAINTENANCE, 220),
        (Impact.MINOR, 50),
        (Impact.MAJOR, 30),
        (Impact.CRITICAL, 355),
    ],
)
def test_the_dominant_hue_is_the_one_of_the_contract(size, impact, degrees):
    distances = []
    for red, green, blue, alpha in pixels(draw(Look(impact), size)):
        hue, saturation, value = colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)
        if alpha == 255 and saturation > 0.5 and value > 0.3:
            distances.append(abs((hue * 360 - degrees + 180) % 360 - 180))
    assert len(distances) > 0.1 * size * size
    assert statistics.median(distances) < 9


@each_size
@pytest.mark.parametrize("look", [Look(Impact.UNKNOWN), Look(Impact.UNKNOWN, offline=True)])
def test_what_is_not_known_has_no_colour(size, look):
    assert max(max(each[:3]) - min(each[:3]) for each in pixels(draw(look, size)) if each[3] == 255) < 20


@each_size
@pytest.mark.parametrize("name", ALL)
def test_the_edge_stands_out_on_every_panel(size, name):
    icon = draw(ALL[name], size)
    shares = {grey: share_of_edge_that_stands_out(icon, grey) for grey in range(0, 256, 17)}
    assert min(shares.values()) >= 0.55, min(shares, key=shares.__getitem__)
    assert min(shares[BLACK], shares[WHITE]) >= 0.85
    assert statistics.mean(shares.values()) >= 0.85


@each_size
@pytest.mark.parametrize("name", ["none", "minor", "major", "critical", "unknown"])
def test_the_upper_right_corner_is_transparent_and_the_middle_is_not(size, name):
    icon = draw(STATES[name], size)
    assert icon.getpixel((size - 1, 0))[3] == 0
    assert icon.getpixel((size // 2, size // 2))[3] == 255


@each_size
@pytest.mark.parametrize("name", ALL)
def test_few_pixels_are_half_transparent(size, name):
    alphas = [alpha for *_, alpha in pixels(draw(ALL[name], size)) if alpha]
    assert alphas.count(255) / len(alphas) > 0.6


@each_size
@pytest.mark.parametrize("name", NUMBERED)
def test_a_number_is_made_of_whole_pixels(size, name):
    """Nothing in the lower right corner is blurred but the rounding of the badge."""
    corner = draw(NUMBERED[name], size).crop((round(size * 0.75), round(size * 0.7), size, size))
    sharp = [each for each in pixels(corner) if each[3] == 255 and (min(each[:3]) >= 250 or max(each[:3]) <= 20)]
    assert len(sharp) / (corner.width * corner.height) > 0.8


@each_size
@pytest.mark.parametrize("impact", [Impact.MAJOR, Impact.CRITICAL])
def test_every_number_gives_another_picture(size, impact):
    icons = [draw(Look(impact, count), size) for count in range(11)]
    assert all(difference(a, b) > 0 for a, b in itertools.combinations(icons, 2))


@pytest.mark.parametrize("impact", [Impact.MAJOR, Impact.CRITICAL])
def test_from_ten_up_the_number_stays_the_same(impact):
    assert draw(Look(impact, 10), 32).tobytes() == draw(Look(impact, 4000), 32).tobytes()


@pytest.mark.parametrize("impact", [impact for impact in Impact if impact not in (Impact.MAJOR, Impact.CRITICAL)])
def test_no_other_state_shows_a_number(impact):
    assert draw(Look(impact, 7), 32).tobytes() == draw(Look(impact), 32).tobytes()


@pytest.mark.parametrize("count", [0, -1])
def test_no_number_without_incidents(count):
    assert draw(Look(Impact.CRITICAL, count), 32).tobytes() == draw(Look(Impact.CRITICAL), 32).tobytes()


def test_being_offline_never_hides_something_bad():
    assert draw(Look(Impact.CRITICAL, 2, offline=True), 32).tobytes() == draw(Look(Impact.CRITICAL, 2), 32).tobytes()


@pytest.mark.parametrize("name", ALL)
def test_every_size_can_be_drawn(name):
    for size in (*range(8, 65), 128, 256, 511, 512):
        icon = draw(ALL[name], size)
        assert (icon.mode, icon.size) == ("RGBA", (size, size))
        assert any(alpha == 255 for *_, alpha in pixels(icon.resize((8, 8))))


@pytest.mark.parametrize("size", [-1, 0, 7, 513])
def test_a_size_that_makes_no_icon_is_refused_with_the_limits(size):
    with pytest.raises(ValueError, match=f"8 to 512.*{size}"):
        draw(Look(Impact.NONE), size)


def test_the_same_look_is_drawn_once():
    assert draw(Look(Impact.MAJOR, 3), 24) is draw(Look(Impact.MAJOR, 3), 24)


def test_the_sizes_offered_are_those_that_are_tested():
    assert set(SIZES) <= set(art.SIZES)


def test_importing_does_not_load_pillow():
    code = "import sys, tray_status.tray.art; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_the_module_writes_the_programs_icons(tmp_path):
    folder = tmp_path / "not yet there" / "icons"
    subprocess.run([sys.executable, "-m", "tray_status.tray.art", str(folder)], check=True, timeout=60)
    with Image.open(folder / "tray-status.png") as picture:
        assert picture.size == (256, 256)
    with Image.open(folder / "tray-status.ico") as icon:
        assert {(16, 16), (24, 24), (32, 32), (48, 48), (64, 64), (256, 256)} <= icon.info["sizes"]
        icon.size = (16, 16)
        assert icon.convert("RGBA").tobytes() == draw(Look(Impact.NONE), 16).tobytes()


# --- marks and themes ----------------------------------------------------------------------------------------------

# Machado, Oliveira and Fernandes (2009), severity 1.0.
BLINDNESS = {
    "protanopia": (0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998),
    "deuteranopia": (0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881),
    "tritanopia": (1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900),
}


def as_seen(picture, matrix):
    red, green, blue = (matrix[start : start + 3] for start in (0, 3, 6))
    return picture.convert("RGB", (*red, 0, *green, 0, *blue, 0))


def changed(one, other):
    """The share of pixels that differ plainly."""
    both = ImageChops.difference(one.convert("L"), other.convert("L"))
    return sum(both.histogram()[64:]) / (both.width * both.height)


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize("mark", ["unread", "stale"])
@each_size
@pytest.mark.parametrize("name", ALL)
def test_a_mark_is_seen_in_every_state_and_hides_none(name, size, mark, theme):
    plain = replace(ALL[name], theme=theme)
    marked = replace(plain, **{mark: True})
    for panel in (BLACK, GREY, WHITE):
        before, after = on_panel(draw(plain, size), panel), on_panel(draw(marked, size), panel)
        assert 0.015 <= changed(before, after) <= 0.30


@pytest.mark.parametrize("mark", [{}, {"unread": True}, {"stale": True}])
@pytest.mark.parametrize("kind", BLINDNESS)
@each_size
def test_every_two_states_differ_for_who_sees_fewer_colours(size, kind, mark):
    looks = {name: replace(look, **mark) for name, look in STATES.items()}
    if mark.get("stale"):
        del looks["none"]  # nothing that was not read lately is green
    shown = {name: as_seen(on_panel(draw(look, size), GREY), BLINDNESS[kind]) for name, look in looks.items()}
    differences = {(a, b): difference(shown[a], shown[b]) for a, b in itertools.combinations(shown, 2)}
    assert min(differences.values()) > 13, min(differences, key=differences.__getitem__)


@each_size
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    ("theme", "panels", "least"),
    [
        (Theme.MONOCHROME, (0, 255), 0.85),
        (Theme.MONOCHROME, (51, 119, 187), 0.55),
        (Theme.DARK, (0, 51), 0.85),
        (Theme.LIGHT, (187, 255), 0.85),
    ],
)
def test_in_each_theme_the_edge_stands_out_on_its_panels(theme, panels, least, name, size):
    icon = draw(replace(ALL[name], theme=theme), size)
    assert min(share_of_edge_that_stands_out(icon, grey) for grey in panels) >= least


def test_monochrome_has_no_colour():
    for look in ALL.values():
        assert all(
            red == green == blue for red, green, blue, _ in pixels(draw(replace(look, theme=Theme.MONOCHROME), 24))
        )
