"""The image without an engine that builds images: the steps of deploy/Dockerfile in a clean root.

    python bench/image.py                 (Linux, root; fetches the locked packages anew)

The root is this machine's own system under an overlay that is thrown away, in namespaces of its
own, without this checkout, and with a Python that has no packages, in place of the base image.
COPY, ENV, WORKDIR, RUN, USER are carried out as written. Then what ENTRYPOINT and CMD say is
started as that user, HEALTHCHECK is asked until it is content, `fazhi demo` crawls, and STOPSIGNAL
is sent.

Exit code 1 when a step fails, the service does not get healthy in the time that HEALTHCHECK allows,
is still called healthy after it stopped, or does not stop in order.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = "/python"
"""Where the base image's Python is, in the clean root; packages go into a venv of it."""
VENV = "/image"
STOP_WITHIN = 40


@dataclass
class Image:
    """A clean root, and what the instructions so far have set."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "root"
    known: dict[str, str] = field(default_factory=dict)
    """Instructions that tell how to run it, by their word."""

    def start(self, argv: list[str]) -> subprocess.Popen[bytes]:
        """A process inside."""
        inside = ["sh", "-c", 'cd "$0" && exec "$@"', self.folder, *argv]
        return subprocess.Popen(
            ["chroot", f"--userspec={self.user}", str(self.root), *inside], env=self._variables()
        )

    def run(self, argv: list[str]) -> int:
        """A process inside, to its end."""
        return self.start(argv).wait()

    def carry_out(self, word: str, rest: str) -> None:
        """One instruction of a Dockerfile. SystemExit where it fails."""
        match word:
            case "ENV":
                self.environment |= dict(part.split("=", 1) for part in rest.split())
            case "WORKDIR":
                self.folder = rest
                (self.root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
            case "USER":
                self.user = rest
            case "COPY":
                self._copy(*rest.split())
            case "RUN":
                if code := self.run(["sh", "-c", rest]):
                    raise SystemExit(f"RUN ended with {code}: {rest}")
            case _:
                self.known[word] = rest

    def _copy(self, *names: str) -> None:
        *sources, target = names
        place = self.root / self.folder.lstrip("/") / target
        for source in (ROOT / name for name in sources):
            if source.is_dir():
                shutil.copytree(source, place, dirs_exist_ok=True, ignore=_no_caches)
            else:
                shutil.copy2(source, place / source.name if place.is_dir() else place)

    def _variables(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("FAZHI_", "PYTHON"))}
        path = f"{VENV}/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
        home = "/root" if self.user == "root" else f"/home/{self.user}"
        ours = {"PATH": path, "HOME": home, "LD_LIBRARY_PATH": f"{PYTHON}/lib"}
        return {**kept, **self.environment, **ours}


def main() -> int:
    """Go into namespaces of our own first: what is mounted there goes with the last process."""
    if len(sys.argv) == 1:
        spaces = ["unshare", "--mount", "--pid", "--fork", "--uts", "--kill-child"]
        with tempfile.TemporaryDirectory(prefix="fz-image-") as place:
            return subprocess.call([*spaces, sys.executable, __file__, place])
    began = time.monotonic()
    image = Image(_clean_root(Path(sys.argv[1])))
    if image.run([f"{PYTHON}/bin/python3", "-m", "venv", VENV]):
        raise SystemExit("no clean Python could be made")
    for word, rest in _instructions():
        print(f"--- {word} {rest}", flush=True)
        image.carry_out(word, rest)
    print(f"built in {time.monotonic() - began:.0f} s", flush=True)
    return _try(image)


def _instructions() -> Iterator[tuple[str, str]]:
    joined = re.sub(r"\\\n\s*", "", (ROOT / "deploy" / "Dockerfile").read_text("utf-8"))
    for line in joined.splitlines():
        if line and not line.startswith(("#", "FROM ")):
            word, _, rest = line.partition(" ")
            yield word, rest


def _clean_root(place: Path) -> Path:
    for name in ("upper", "work", "root"):
        if name == "upper":
            _mount("-t", "tmpfs", "-o", "mode=755", "tmpfs", str(place))
        (place / name).mkdir()
    root = place / "root"
    layers = f"lowerdir=/,upperdir={place}/upper,workdir={place}/work"
    _mount("-t", "overlay", "-o", layers, "overlay", str(root))
    _mount("-t", "proc", "proc", str(root / "proc"))
    _mount("--bind", "/dev", str(root / "dev"))
    for hidden in ("tmp", "work", "var/lib/fazhi"):  # ours, and what a service left here
        (root / hidden).mkdir(exist_ok=True)
        _mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", str(root / hidden))
    (root / PYTHON.lstrip("/")).mkdir()
    _mount("--bind", sys.base_prefix, str(root / PYTHON.lstrip("/")))
    return root


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


def _try(image: Image) -> int:
    options, _, check = image.known["HEALTHCHECK"].partition(" CMD ")
    patience = _allowed(options)
    command = json.loads(image.known["ENTRYPOINT"]) + json.loads(image.known["CMD"])
    began = time.monotonic()
    service = image.start(command)
    while image.run(json.loads(check)):
        if service.poll() is not None or time.monotonic() - began > patience:
            print(f"not healthy in the {patience:.0f} s allowed")
            return 1
        time.sleep(2)
    print(f"healthy after {time.monotonic() - began:.0f} s of {patience:.0f}", flush=True)
    crawled = image.run(["fazhi", "demo"])
    began = time.monotonic()
    service.send_signal(getattr(signal, image.known["STOPSIGNAL"]))
    code = service.wait(STOP_WITHIN)
    print(f"demo ended with {crawled}, the service with {code}", end="")
    print(f" {time.monotonic() - began:.1f} s after {image.known['STOPSIGNAL']}", flush=True)
    still = image.run(json.loads(check)) == 0
    print("healthy after its end" if still else "not healthy any more, as it should be")
    return int(bool(crawled or code or still))


def _allowed(options: str) -> float:
    """Seconds until an engine calls it unhealthy: start period, then all retries."""
    unit = {"s": 1, "m": 60}
    found = dict(re.findall(r"--([a-z-]+)=(\w+)", options))
    seconds = {k: int(v[:-1]) * unit[v[-1]] for k, v in found.items() if v[-1] in unit}
    each = seconds["interval"] + seconds["timeout"]
    return seconds["start-period"] + int(found["retries"]) * each


def _no_caches(_folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name == "__pycache__"}


if __name__ == "__main__":
    sys.exit(main())
