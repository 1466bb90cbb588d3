#!/usr/bin/env python3
"""usage: bench.py PROGRAM [--sizes 50,500,5000,50000] [--runs 7] [--json]

Times `PROGRAM bundle plan` on generated bundles beside an empty C program and a bare libyaml event
pass over the same file, in turns, and prints medians and ratios: README.md says how to read them.
"""
import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import generate_bundle

HERE = pathlib.Path(__file__).resolve().parent

# Juju 3.6.28's own planner on these bundles, recorded in November 2026: seconds, mebibytes.
JUJU = {50: (0.01, 14), 500: (0.55, 60), 5000: (56.0, 3300)}

# What the product holds itself to, on an idle machine: milliseconds above the empty program (50) or
# in all, mebibytes, and times the event pass.
BOUNDS = {50: (6, 16, None), 500: (25, None, None), 5000: (250, 120, 3), 50000: (3000, 1200, None)}


class Run:
    """Wall and CPU time in seconds and the largest resident size in MiB of one process.

    The process is started by a small C program (run.c): the size of a child that Python starts
    counts Python's own from before the exec."""

    starter = None

    def __init__(self, command):
        done = subprocess.run([Run.starter, *command], stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            sys.exit(f"bench: {' '.join(map(str, command))} ended with {done.returncode}")
        wall, cpu, kibibytes = done.stderr.split(b"\n")[-2].split()
        self.wall = float(wall)
        self.cpu = float(cpu)
        self.mebibytes = int(kibibytes) / 1024


class Median:
    def __init__(self, runs):
        self.wall = statistics.median(run.wall for run in runs)
        self.cpu = statistics.median(run.cpu for run in runs)
        self.mebibytes = statistics.median(run.mebibytes for run in runs)


def compile_program(name, folder, *libraries):
    compiler = shutil.which("cc") or shutil.which("gcc") or sys.exit("bench: no C compiler")
    target = folder / name
    subprocess.run([compiler, "-O2", "-o", target, HERE / f"{name}.c", *libraries], check=True)
    return target


def measure(commands, count):
    """The commands in turns, so that a change of the machine's load falls on all of them."""
    for command in commands:
        Run(command)
    rounds = [[Run(command) for command in commands] for _ in range(count)]
    return [Median(runs) for runs in zip(*rounds)]


def compare(program, size, runs, tools, folder):
    bundle = folder / f"{size}.yaml"
    bundle.write_text(generate_bundle.generate(size))
    ours, empty, events = measure(
        [[program, "bundle", "plan", bundle], [tools["empty"]], [tools["event_pass"], bundle]],
        runs)
    return {
        "applications": size,
        "wall_ms": ours.wall * 1e3,
        "cpu_ms": ours.cpu * 1e3,
        "mebibytes": ours.mebibytes,
        "empty_ms": empty.wall * 1e3,
        "above_empty_ms": (ours.wall - empty.wall) * 1e3,
        "times_empty": ours.wall / empty.wall,
        "event_pass_ms": events.wall * 1e3,
        "times_event_pass": ours.wall / events.wall,
    }


def missed(row):
    milliseconds, mebibytes, times = BOUNDS.get(row["applications"], (None, None, None))
    measured = row["above_empty_ms" if row["applications"] == 50 else "wall_ms"]
    reasons = []
    if milliseconds is not None and measured > milliseconds:
        reasons.append(f"{measured:.1f} ms, wanted {milliseconds}")
    if mebibytes is not None and row["mebibytes"] > mebibytes:
        reasons.append(f"{row['mebibytes']:.0f} MiB, wanted {mebibytes}")
    if times is not None and row["times_event_pass"] > times:
        reasons.append(f"{row['times_event_pass']:.2f} event passes, wanted {times}")
    return reasons


def print_table(rows):
    head = ("apps", "wall ms", "cpu ms", "MiB", "- empty ms", "/ empty", "/ events", "Juju's own")
    print("{:>6} {:>9} {:>9} {:>7} {:>10} {:>8} {:>8}  {}".format(*head))
    for row in rows:
        juju = JUJU.get(row["applications"])
        shown = f"{juju[0]:g} s, {juju[1]} MiB (recorded)" if juju else "does not finish"
        print("{applications:>6} {wall_ms:>9.1f} {cpu_ms:>9.1f} {mebibytes:>7.1f} "
              "{above_empty_ms:>10.1f} {times_empty:>8.1f} {times_event_pass:>8.2f}  {juju}".format(
                  **row, juju=shown))
    for row in rows:
        for reason in missed(row):
            print(f"over its bound: {row['applications']} applications: {reason}")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--sizes", default="50,500,5000,50000")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        Run.starter = compile_program("run", folder)
        tools = {"empty": compile_program("empty", folder),
                 "event_pass": compile_program("event_pass", folder, "-lyaml")}
        rows = [compare(options.program.resolve(), int(size), options.runs, tools, folder)
                for size in options.sizes.split(",")]
    if options.json:
        print(json.dumps(rows, indent=2))
    else:
        print_table(rows)


if __name__ == "__main__":
    main()
