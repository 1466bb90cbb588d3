#!/usr/bin/env python3
"""usage: hosts.py PROGRAM [--hosts 100] [--parallel 32] [--milliseconds 500] [--runs 3] [--json]

Times `PROGRAM observe hosts` against hosts of a lab, reached by a real ssh through a real sshd: all
of them equal, then one of them slow. README.md says how to read it.
"""
import argparse
import json
import math
import os
import pathlib
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

# What the product holds itself to, as times the least that any client could take.
EQUAL_BOUND = 1.3
SLOW_BOUND = 1.2
SLOW_SECONDS = 5.0

BUNDLE = """\
default-base: ubuntu@22.04/stable
applications:
  memcached: {charm: memcached, channel: latest/stable, num_units: 1, to: ["0"]}
machines: {"0": {}}
"""

SITE = """\
gatehouse: 1
site: bench
bundle: bundle.yaml
state: {folder}/state
juju: {{controller: bench, model: bench}}
maas: {{url: "http://127.0.0.1:1/MAAS", key_file: {folder}/no.key}}
ssh: {{parallel: {parallel}}}
planes: {{only: {{cidr: 10.0.0.0/16}}}}
settled: {{}}
blank_disks: [{{source: qemu-img, host: "hv-{{machine}}", path: "/images/{{machine}}.qcow2", size: 1GiB}}]
machines:
"""

# What qemu-img 7.2.22 says of a new image of 1 GiB. The far side shares this machine's processors
# with the client, and the real program, started twice for each host, would be most of what is timed.
QEMU_IMG = """\
#!/bin/sh
case $1 in
  info) echo '{ "virtual-size": 1073741824, "format": "qcow2", "actual-size": 200704 }' ;;
  map) echo '[{ "start": 0, "length": 1073741824, "depth": 0, "present": false, "zero": true, "data": false}]' ;;
esac
"""


class Lab:
    """One of its own, which ends with the benchmark."""

    def __init__(self, program, folder, hosts, parallel):
        self.folder = folder
        self.names = [f"m{number:03}" for number in range(hosts)]
        site = SITE.format(folder=folder, parallel=parallel)
        site += "".join(f"  {name}: {{}}\n" for name in self.names)
        (folder / "bundle.yaml").write_text(BUNDLE)
        (folder / "site.yaml").write_text(site)
        self.lab_program = f"{program}-lab"
        self.state = folder / "lab"
        said = subprocess.run(
            [self.lab_program, "up", "--site", folder / "site.yaml", "--state", self.state,
             "--speed", "1"], stdout=subprocess.PIPE, check=True, text=True).stdout
        (folder / "qemu-img").write_text(QEMU_IMG)
        (folder / "qemu-img").chmod(0o700)
        for name in self.names:
            program_there = self.state / "hosts" / f"hv-{name}" / "bin" / "qemu-img"
            program_there.unlink()
            program_there.symlink_to(folder / "qemu-img")
        words = shlex.split(said)
        self.environment = dict(os.environ) | dict(
            word.split("=", 1) for word in words if "=" in word)

    def delay(self, seconds):
        """How long each host takes before it answers."""
        for name in self.names:
            self.delay_one(name, seconds)

    def delay_one(self, name, seconds):
        (self.state / "hosts" / f"hv-{name}" / "delay").write_text(f"{seconds}\n")

    def forget_connections(self):
        for socket in (self.state / "control").iterdir():
            subprocess.run(["ssh", "-F", "/dev/null", "-S", socket, "-O", "exit", "lab"],
                           stderr=subprocess.DEVNULL, check=False)

    def look(self, program):
        """Seconds of the whole process."""
        began = time.monotonic()
        done = subprocess.run(
            [program, "--site", self.folder / "site.yaml", "observe", "hosts"],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        took = time.monotonic() - began
        disks = json.loads(done.stdout)["host_disks"] if done.stdout else {}
        seen = sum("value" in disk for disk in disks.values())
        if done.returncode != 0 or seen != len(self.names):
            sys.exit(f"bench: {seen} of {len(self.names)} hosts answered, exit {done.returncode}: "
                     f"{done.stderr.decode()[-400:]}")
        return took

    def by_xargs(self, parallel):
        """Seconds of what a user would take instead: xargs, and a bare ssh for each host."""
        disk = "--output=json --force-share /images/disk.qcow2"
        began = time.monotonic()
        done = subprocess.run(
            ["xargs", f"-P{parallel}", "-I{}", "ssh", "-T", "-o", "BatchMode=yes", "--", "{}",
             f"qemu-img info {disk}; qemu-img map {disk}"],
            input="".join(f"hv-{name}\n" for name in self.names), env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        took = time.monotonic() - began
        if done.returncode != 0 or done.stdout.count('"virtual-size"') != len(self.names):
            sys.exit(f"bench: xargs ended {done.returncode}: {done.stderr[-400:]}")
        return took

    def down(self):
        subprocess.run([self.lab_program, "down", "--state", self.state],
                       stderr=subprocess.DEVNULL, check=False)


def measure(lab, program, runs, is_warm):
    times = []
    if is_warm:
        lab.look(program)
    for _ in range(runs):
        if not is_warm:
            lab.forget_connections()
        times.append(lab.look(program))
    return statistics.median(times)


def row(name, seconds, least, bound=None):
    return {"what": name, "seconds": seconds, "least": least, "ratio": seconds / least,
            "bound": bound}


def all_rows(lab, program, options):
    seconds = options.milliseconds / 1000
    least = math.ceil(options.hosts / options.parallel) * seconds
    lab.delay(seconds)
    rows = [row("equal, new connections", measure(lab, program, options.runs, False), least,
                EQUAL_BOUND),
            row("equal, connections used again", measure(lab, program, options.runs, True), least,
                EQUAL_BOUND),
            row("equal, by xargs and ssh",
                statistics.median(lab.by_xargs(options.parallel) for _ in range(options.runs)),
                least)]
    slow = {"first": lab.names[0], "in the middle": lab.names[len(lab.names) // 2]}
    for place, name in slow.items():
        lab.delay(seconds)
        lab.delay_one(name, SLOW_SECONDS)
        for is_warm, words in ((False, "new connections"), (True, "used again")):
            rows.append(row(f"one of {SLOW_SECONDS:g} s {place}, {words}",
                            measure(lab, program, options.runs, is_warm), SLOW_SECONDS, SLOW_BOUND))
    return rows


def print_table(rows):
    print("{:<44} {:>8} {:>8} {:>6} {:>6}".format("hosts", "s", "least s", "ratio", "bound"))
    for each in rows:
        bound = f"{each['bound']:>6.2f}" if each["bound"] else ""
        print("{what:<44} {seconds:>8.2f} {least:>8.2f} {ratio:>6.2f} {}".format(bound, **each))
    for each in rows:
        if each["bound"] and each["ratio"] > each["bound"]:
            print("over its bound: {what}: {ratio:.2f}, wanted {bound}".format(**each))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--parallel", type=int, default=32)
    parser.add_argument("--milliseconds", type=int, default=500)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    program = options.program.resolve()
    if not shutil.which("ssh"):
        sys.exit("bench: no ssh; script/setup installs it")
    # A short name: a socket of ssh has room for some ninety bytes.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="gh-", dir=pathlib.Path.home()))
    lab = None
    try:
        lab = Lab(program, folder, options.hosts, options.parallel)
        rows = all_rows(lab, program, options)
    finally:
        if lab:
            lab.down()
        shutil.rmtree(folder, ignore_errors=True)
    if options.json:
        print(json.dumps(rows, indent=2))
    else:
        print_table(rows)


if __name__ == "__main__":
    main()
