"""The real program in a terminal that is drawn: shared by scripts/pictures and scripts/demo.

Needs: pip install pyte pillow, the font DejaVu Sans Mono and faketime (fonts-dejavu-core, faketime on Debian).
"""

import collections
import fcntl
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import time

import pyte
from PIL import Image, ImageDraw, ImageFont

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = pathlib.Path(os.environ.get("DORSI", ROOT / "target/release/dorsi"))
FONTS = pathlib.Path("/usr/share/fonts/truetype/dejavu")

# pyte knows no key protocols and no stack of titles, and would print what is left of these.
UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*u|\x1b\[[0-9;]*t")

# The sixteen colours as a usual terminal shows them.
SIXTEEN = {
    "black": "000000", "red": "cd3131", "green": "0dbc79", "brown": "c19c00", "blue": "2472c8",
    "magenta": "bc3fbc", "cyan": "11a8cd", "white": "cccccc", "brightblack": "666666", "brightred": "f14c4c",
    "brightgreen": "23d18b", "brightbrown": "f5f543", "brightblue": "3b8eea", "brightmagenta": "d670d6",
    "brightcyan": "29b8db", "brightwhite": "ffffff",
}

# Blocks of quarters: upper left, upper right, lower left, lower right, a bit each.
QUARTERS = {"▘": 1, "▝": 2, "▖": 4, "▌": 5, "▞": 6, "▛": 7, "▗": 8, "▚": 9, "▐": 10, "▜": 11, "▙": 13, "▟": 14}


class Dorsi:
    """The program, started in a folder of its own, so that nothing of this machine shows on its screen."""

    def __init__(self, size, config="", arguments=(), environment=None, sound=None, folder=None):
        """`folder` is kept when it is given, for another start with the same history."""
        self.width, self.height = size
        self.screen = pyte.Screen(self.width, self.height)
        self.stream = pyte.ByteStream(self.screen)
        self.kept = folder is not None
        self.folder = folder or tempfile.mkdtemp()
        file = pathlib.Path(self.folder, "config.toml")
        file.write_text(config)
        clean = {
            "PATH": os.environ["PATH"], "HOME": self.folder, "TERM": "xterm-256color", "COLORTERM": "truecolor",
            "LANG": "C.UTF-8", "TZ": "UTC", **(sound or {}), **(environment or {}),
        }
        command = [PROGRAM, "--config", file, "--data-dir", pathlib.Path(self.folder, "data"), *arguments]
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", self.height, self.width, 0, 0))
            os.execve(command[0], [str(word) for word in command], clean)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", self.height, self.width, 0, 0))
        self.wait(0.5)

    def wait(self, seconds):
        """Takes in what the program draws for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.terminal], [], [], left)[0]:
                return
            try:
                self.stream.feed(UNKNOWN.sub(b"", os.read(self.terminal, 65536)))
            except OSError:
                return

    def wait_whole(self, seconds):
        """The same, and on to the end of a picture that has begun."""
        self.wait(seconds)
        while select.select([self.terminal], [], [], 0.004)[0]:
            self.wait(0.004)

    def text(self):
        return "\n".join(self.screen.display)

    def until(self, words, patience=30.0):
        """Waits until one of the `words` is on the screen, separated by `|`."""
        end = time.monotonic() + patience
        while not any(word in self.text() for word in words.split("|")):
            if time.monotonic() > end:
                raise SystemExit(f"{words!r} never came:\n{self.text()}")
            self.wait(0.1)

    def press(self, keys, pause=0.25):
        """Presses keys, by name or as typed, with a pause after each."""
        names = {"space": " ", "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D"}
        before = None
        for key in keys.split():
            # The same key pressed again within 0.7 s would be taken as held down.
            time.sleep(0.8 if key == before else 0)
            before = key
            os.write(self.terminal, names.get(key, key).encode())
            self.wait(pause)

    def picture(self, cell=(9, 18)):
        return draw(self.screen, cell)

    def close(self):
        os.kill(self.pid, signal.SIGTERM)
        self.wait(0.2)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)
        if not self.kept:
            shutil.rmtree(self.folder, ignore_errors=True)


def at(moment):
    """The environment in which the program takes it to be this `moment`, such as "2026-09-01 18:00:00" (faketime)."""
    library = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return {"LD_PRELOAD": str(library), "FAKETIME": f"@{moment}", "DONT_FAKE_MONOTONIC": "1"}


def sound():
    """The environment of a private sound server, where there is one, so that no picture says "no sound"; and its end."""
    folder = tempfile.mkdtemp()
    rig = ROOT / "tests/rig"
    told = subprocess.run(["bash", "-c", f'eval "$({rig}/rig-up {folder}/rig)" && env -0'], capture_output=True)
    if told.returncode != 0:
        return {}, lambda: None
    variables = dict(line.split("=", 1) for line in told.stdout.decode().split("\0") if "=" in line)
    new = {name: value for name, value in variables.items() if os.environ.get(name) != value and name != "_"}

    def down():
        subprocess.run([rig / "rig-down"], env={**os.environ, **new}, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)

    return new, down


def colour(name, default):
    if name == "default":
        return "#" + default
    return "#" + SIXTEEN.get(name, name)


def draw(screen, cell):
    """A picture of the screen; blocks, lines and dots are drawn to the edges of their cells, as terminals do."""
    wide, high = cell
    plain = ImageFont.truetype(FONTS / "DejaVuSansMono.ttf", round(high * 0.8))
    strong = ImageFont.truetype(FONTS / "DejaVuSansMono-Bold.ttf", round(high * 0.8))
    backgrounds = [screen.buffer[row][column].bg for row in (0, screen.lines - 1) for column in (0, screen.columns - 1)]
    edge = colour(max(backgrounds, key=backgrounds.count), "16191d")
    pad = wide
    image = Image.new("RGB", (screen.columns * wide + 2 * pad, screen.lines * high + 2 * pad), edge)
    canvas = ImageDraw.Draw(image)
    signs = []
    for row in range(screen.lines):
        for column in range(screen.columns):
            sign = screen.buffer[row][column]
            ink, ground = colour(sign.fg, "d5d8dc"), colour(sign.bg, "16191d")
            if sign.reverse:
                ink, ground = ground, ink
            x, y = pad + column * wide, pad + row * high
            canvas.rectangle((x, y, x + wide - 1, y + high - 1), fill=ground)
            signs.append((x, y, sign, ink))
    # Above all backgrounds, since letters reach into the rows below.
    for x, y, sign, ink in signs:
        shapes = blocks(sign.data, wide, high)
        for left, top, right, bottom in shapes or ():
            canvas.rectangle((x + left, y + top, x + right - 1, y + bottom - 1), fill=ink)
        if shapes is None and sign.data.strip():
            canvas.text((x, y), sign.data, fill=ink, font=strong if sign.bold else plain)
    return image


def palette(pictures, colours=96):
    """The colours that most of the pictures are made of, as a picture to quantize by."""
    counts = collections.Counter()
    for picture in pictures:
        counts.update({shade: count for count, shade in picture.getcolors(1 << 16)})
    image = Image.new("P", (1, 1))
    image.putpalette([part for shade, _ in counts.most_common(colours) for part in shade])
    return image


def few_colours(picture, by):
    return picture.quantize(palette=by, dither=Image.Dither.NONE)


def blocks(sign, wide, high):
    """The rectangles of a block, a line or dots; None for everything else."""
    half = high // 2
    if len(sign) != 1:
        return None
    if sign in "█▀▄":
        return [{"█": (0, 0, wide, high), "▀": (0, 0, wide, half), "▄": (0, half, wide, high)}[sign]]
    if sign in QUARTERS:
        middle = wide // 2
        places = [(0, 0, middle, half), (middle, 0, wide, half), (0, half, middle, high), (middle, half, wide, high)]
        return [place for bit, place in enumerate(places) if QUARTERS[sign] >> bit & 1]
    if sign in "━─":
        thick = 3 if sign == "━" else 1
        return [(0, half - thick // 2, wide, half - thick // 2 + thick)]
    if 0x2581 <= ord(sign) <= 0x2587:
        return [(0, high - round(high * (ord(sign) - 0x2580) / 8), wide, high)]
    if 0x2589 <= ord(sign) <= 0x258F:
        return [(0, 0, max(1, round(wide * (0x2590 - ord(sign)) / 8)), high)]
    if 0x2800 <= ord(sign) <= 0x28FF:
        places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
        dots = [place for bit, place in enumerate(places) if (ord(sign) - 0x2800) >> bit & 1]
        size = max(2, wide // 4)
        spots = [(round((x + 0.5) * wide / 2 - size / 2), round((y + 0.5) * high / 4 - size / 2)) for x, y in dots]
        return [(x, y, x + size, y + size) for x, y in spots]
    return None
