#!/usr/bin/env python3
"""What dorsi costs, beside a ratatui program that does nothing (benches/minimal).

    cargo build --release && cargo build --release -p minimal
    benches/cost.py [--times N] [--year FOLDER]

Both programs run by turns on pseudo-terminals of 80 x 24; times are medians, smallest values beside them. Processor time
and wake-ups are the kernel's own counts (/proc/PID/task/*/schedstat and status). Ends with 1 where a bound is broken.
Needs Python 3 on Linux, and for a year of history the bench `ten_years` (`--year` takes a folder that it made).
"""

import argparse
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
import sys
import tempfile
import termios
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
DORSI, MINIMAL = ROOT / "target/release/dorsi", ROOT / "target/release/minimal"
END = b"\x1b[?2026l"  # the end of a picture of dorsi
END_MINIMAL = b"\x1b[?25l"  # the last thing that ratatui writes of a picture
PACED = """
[settings]
sound-check = false
pacing = "paced"
"""
# A hold that lasts long enough to be measured.
HOLD = PACED + """
[exercise.front-band]
get-ready = 0
[exercise.front-band.phase.forward]
seconds = 0.5
[exercise.front-band.phase.hold]
seconds = 9
"""
# The answers of the session before its plan, and on to its first set.
ANSWERS = ["1", "2\r", " ", "2", " ", "3", "2", "2", "2"]

broken = []


def told(what, found, most, unit):
    kept = found <= most
    print(f"{'kept  ' if kept else 'BROKEN'} {what}: {found:.2f} of at most {most:g} {unit}", flush=True)
    if not kept:
        broken.append(what)


def middle(values, part=0.5):
    values = sorted(values)
    return values[min(int(len(values) * part), len(values) - 1)]


class Program:
    """A program on a terminal."""

    def __init__(self, command, end, home, environment=None):
        self.end, self.bytes, self.pictures = end, 0, 0
        self.terminal, inside = pty.openpty()
        fcntl.ioctl(inside, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        base = {"TERM": "xterm-256color", "HOME": str(home), "PATH": "/usr/bin:/bin"} | (environment or {})
        begun, tell = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(inside, termios.TIOCSCTTY, 0)
            for stream in range(3):
                os.dup2(inside, stream)
            os.write(tell, struct.pack("d", time.monotonic()))
            os.execve(command[0], [str(word) for word in command], base)
        os.close(inside)
        self.start = struct.unpack("d", os.read(begun, 8))[0]
        os.close(begun)
        os.close(tell)

    def picture(self, patience=10.0):
        """Waits for the end of the next picture; nothing where none comes."""
        got, until = b"", time.monotonic() + patience
        while self.end not in got:
            if not select.select([self.terminal], [], [], max(0, until - time.monotonic()))[0]:
                return None
            got += os.read(self.terminal, 65536)
        now = time.monotonic()
        self.bytes += len(got)
        self.pictures += got.count(self.end)
        return now

    def listen(self, seconds):
        """Takes what is written for so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if select.select([self.terminal], [], [], left)[0]:
                got = os.read(self.terminal, 65536)
                self.bytes += len(got)
                self.pictures += got.count(self.end)

    def type(self, keys, pause=0.8):
        for key in keys:
            os.write(self.terminal, key.encode())
            self.listen(pause)

    def text(self):
        """What stands on the screen, which is drawn anew for that."""
        os.write(self.terminal, b"\x0c")
        got = b""
        while select.select([self.terminal], [], [], 0.3)[0]:
            got += os.read(self.terminal, 65536)
        return re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", got).decode()

    def threads(self):
        """Each thread's name, processor time in ms, and number of times that it slept and woke."""
        found = {}
        for thread in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            try:
                name = (thread / "comm").read_text().strip()
                used = int((thread / "schedstat").read_text().split()[0]) / 1e6
                status = (thread / "status").read_text()
            except FileNotFoundError:
                continue
            slept = int(status.split("\nvoluntary_ctxt_switches:")[1].split()[0])
            found[thread.name] = (name, used, slept)
        return found

    def spent(self, seconds):
        """What all threads use in a second: ms of processor time, wake-ups; and pictures, bytes. Sound's are apart."""
        before, pictures, written = self.threads(), self.pictures, self.bytes
        self.listen(seconds)
        sums = {"own": [0.0, 0.0], "sound": [0.0, 0.0]}
        for thread, (name, used, slept) in self.threads().items():
            _, was, had = before.get(thread, (name, 0.0, 0))
            whose = sums["own" if name == "dorsi" else "sound"]
            whose[0] += (used - was) / seconds
            whose[1] += (slept - had) / seconds
        return sums, (self.pictures - pictures) / seconds, (self.bytes - written) / seconds

    def memory(self):
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6

    def stop(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


def first_pictures(dorsi, minimal, times):
    found = {"dorsi": [], "minimal": []}
    for turn in range(times + 2):
        for name, start in (("minimal", minimal), ("dorsi", dorsi)):
            program = start()
            taken = (program.picture() - program.start) * 1000
            program.stop()
            if turn >= 2:
                found[name].append(taken)
    for name, values in found.items():
        print(f"       first picture of {name}: {middle(values):.2f} ms, smallest {min(values):.2f}")
    told("first picture", middle(found["dorsi"]) / middle(found["minimal"]), 1.5, "times the minimal program's")


def answers(program, keys, times):
    """How long each of so many keys takes until its picture, in ms."""
    found = []
    for turn in range(times):
        begin = time.monotonic()
        os.write(program.terminal, keys[turn % len(keys)].encode())
        if (seen := program.picture(1.0)) is not None:
            found.append((seen - begin) * 1000)
        elif not found and turn > 1:
            break
        # A picture that came by itself must not be taken for the next key's.
        program.listen(0.004)
    return found


# Each screen: its heading, the keys that lead to it from the one before, and those that change it.
UP, DOWN, LEFT, RIGHT = "\x1b[A", "\x1b[B", "\x1b[D", "\x1b[C"
SCREENS = [
    ("home", "dorsi", [], [DOWN, UP]),
    ("progress", "Progress", ["h"], [DOWN, UP, RIGHT, LEFT]),
    ("sessions", "Sessions so far", [LEFT], [DOWN, UP]),
    ("a session opened", "Ankle session · 2", ["\r"], [DOWN, UP]),
    ("question", "Since last time", ["q", "\x7f", " "], [DOWN, UP]),
    ("scale", "Pain", ["1"], [DOWN, UP]),
    ("wall test", "Wall test · Left ankle", ["2\r", " "], [DOWN, UP]),
    ("plan", "Today's plan", ANSWERS[3:], [DOWN, UP]),
    # What can be changed there is what is written over it.
    # Two keys by turns: one alone, so soon again, would be taken as held.
    ("help", "Keys", ["\r", "?"], ["\x7f", "?"]),
    ("learn", "Which band, and where", ["?", "i"], [RIGHT, LEFT]),
    ("pause", "Paused", ["i", " ", "p"], [DOWN, UP]),
]


def keys(dorsi, minimal, times):
    plain = minimal()
    plain.picture()
    ours = dorsi()
    ours.picture()
    ours.listen(0.5)
    for screen, heading, way, change in SCREENS:
        # The key that was pressed last would be taken as held, if it came again so soon.
        ours.listen(0.8)
        ours.type(way)
        if not ours.text().lstrip().startswith(heading):
            sys.exit(f"these keys do not lead to {screen}: {way}")
        base, found = [], []
        for _ in range(max(1, times // 10)):
            base += answers(plain, ["a", "b"], 10)
            found += answers(ours, change, 10)
            if not found:
                break
        if len(found) < times // 2:
            print(f"BROKEN {screen}: these keys change nothing there, {len(found)} pictures")
            broken.append(screen)
            continue
        told(f"key on {screen}, half of them", middle(found) / middle(base), 1.5, "times the minimal program's")
        told(f"key on {screen}, 99 of 100", middle(found, 0.99) / middle(base, 0.99), 2, "times the minimal program's")
    ours.stop()
    plain.stop()


def trained(home, year, config, environment):
    """The session in its first question, with files and a year of history of its own."""
    data = pathlib.Path(tempfile.mkdtemp(dir=home)) / "data"
    shutil.copytree(year, data)
    file = data / "config.toml"
    file.write_text(config)
    program = Program([DORSI, "--config", file, "--data-dir", data, "start", "ankle"], END, home, environment)
    program.listen(1.5)
    return program


def session_costs(home, year, sound, environment, seconds):
    program = trained(home, year, PACED, environment)
    waiting = program.spent(seconds)[0]
    program.type([*ANSWERS, "\r", " "], 1.0)
    program.listen(6)
    moving, rate, written = program.spent(12)
    if rate == 0:
        sys.exit("the figure does not move: the way to the first set is another one now")
    threads, memory = len(program.threads()), program.memory()
    program.type(["p"])
    paused = program.spent(seconds)[0]
    program.stop()
    for what, sums in (("waiting for an answer", waiting), ("paused", paused)):
        told(f"{what}, {sound}: processor time", sums["own"][0], 0.0, "ms/s")
        told(f"{what}, {sound}: wake-ups", sums["own"][1], 0.0, "a second")
        print(f"       threads of the sound: {sums['sound'][0]:.2f} ms/s, {sums['sound'][1]:.1f} wake-ups a second")
    print(f"       paced reps: {rate:.1f} pictures and {written / 1000:.1f} kB a second")
    told(f"paced reps, {sound}: processor time", moving["own"][0], 15, "ms/s")
    told(f"paced reps, {sound}: processor time of the sound", moving["sound"][0], 10, "ms/s")
    told(f"{sound}: resident", memory, 10, "MB")
    told(f"{sound}: threads", threads, 4, "")
    program = trained(home, year, HOLD, environment)
    program.type([*ANSWERS, "\r"], 1.0)
    program.type([" "], 2.0)
    hold, rate, written = program.spent(5)
    print(f"       hold: {rate:.1f} pictures and {written / 1000:.1f} kB a second")
    told(f"hold, {sound}: processor time", hold["own"][0], 3, "ms/s")
    program.stop()


def rig(folder):
    """The environment of a private sound server, if one can be started (tests/rig)."""
    up = subprocess.run([ROOT / "tests/rig/rig-up", folder], capture_output=True, text=True)
    exports = [line.removeprefix("export ").split("=", 1) for line in up.stdout.splitlines() if "=" in line]
    return {name: value.strip("'") for name, value in exports} if up.returncode == 0 else None


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--times", type=int, default=200)
    arguments.add_argument("--year", type=pathlib.Path, help="a folder with a year of history")
    given = arguments.parse_args()
    told("the program", DORSI.stat().st_size / 1e6, 6, "MB")
    with tempfile.TemporaryDirectory() as folder:
        home = pathlib.Path(folder)
        year = home / "year"
        if given.year:
            year = given.year
        else:
            keep = ["cargo", "bench", "--bench", "ten_years", "--", "keep", str(year), "365"]
            subprocess.run(keep, cwd=ROOT, check=True)
        server = rig(home / "rig")
        print(f"       sound server: {'a private one' if server else 'none could be started'}")
        try:
            # A session is left open in it.
            trained_in = shutil.copytree(year, home / "trained-in")
            dorsi = lambda: Program([DORSI, "--data-dir", trained_in], END, home, server)
            minimal = lambda: Program([MINIMAL], END_MINIMAL, home)
            first_pictures(dorsi, minimal, given.times)
            keys(dorsi, minimal, given.times)
            session_costs(home, year, "no sound", None, 5)
            if server:
                session_costs(home, year, "sound on", server, 5)
                # Where PipeWire is, dorsi speaks PulseAudio's protocol itself, and the server here answers that as well.
                (home / "rig/run/pipewire-0").touch()
                session_costs(home, year, "sound on, as with PipeWire", server, 5)
        finally:
            subprocess.run([ROOT / "tests/rig/rig-down", home / "rig"])
    print(f"{len(broken)} of the bounds are broken" if broken else "all bounds are kept")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
