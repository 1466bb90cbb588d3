#!/usr/bin/env python3
"""usage: status.py JUDGE_STATUS [--units 5000] [--bytes 20000000] [--runs 5] [--samples 360] [--json]

Times the decoding and judging of a generated `juju status` document beside a bare Boost.JSON parse
of it in the same run, beside the same judgement by a Python loop and, where it is installed, by jq;
then a simulated watch. README.md says how to read the table. JUDGE_STATUS is the program that
`cmake --build build/release --target judge_status` makes.
"""
import argparse
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import bench
import generate_status

# What the product holds itself to on an idle machine: README.md.
RATIO_MAX, MEBIBYTES_MAX, SMALL_MS_MAX, WATCH_SECONDS_MAX = 2.5, 200, 1.5, 60

# The question that all three answer: which units are not active and idle, or say something else.
JQ = """[.applications[] | .units // {} | to_entries[] | (., (.value.subordinates // {} |
to_entries[]))] | map(select(.value."workload-status".current != "active" or
.value."juju-status".current != "idle" or
(.value."workload-status".message | contains("Unit is ready") | not))) | length"""

PYTHON = """
import json, sys
wrong = 0
def look(units):
    global wrong
    for unit in units.values():
        workload = unit["workload-status"]
        if (workload["current"] != "active" or unit["juju-status"]["current"] != "idle"
                or "Unit is ready" not in workload.get("message", "")):
            wrong += 1
        look(unit.get("subordinates", {}))
for application in json.load(open(sys.argv[1]))["applications"].values():
    look(application.get("units", {}))
print(wrong)
"""


def run_judge(program, mode, path, count):
    done = subprocess.run([bench.Run.starter, program.resolve(), mode, path, str(count)],
                          capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"status: judge_status {mode} ended with {done.returncode}: "
                 f"{done.stderr.decode(errors='replace')}")
    kibibytes = int(done.stderr.split(b"\n")[-2].split()[2])
    return [float(word) for word in done.stdout.split()], kibibytes / 1024


def compare(program, units, size, runs, folder):
    path = folder / f"{units}.json"
    path.write_text(generate_status.text_of(units, size))
    parse, judge, judge_mebibytes = [], [], []
    # In turns, so that a change of the machine's load falls on both.
    for _ in range(runs):
        parse.append(run_judge(program, "parse", path, 3)[0][0])
        (judged,), mebibytes = run_judge(program, "judge", path, 3)
        judge.append(judged)
        judge_mebibytes.append(mebibytes)
    others = {"python": [sys.executable, "-c", PYTHON, path]}
    if jq := shutil.which("jq"):
        others["jq"] = [jq, "-r", JQ, path]
    row = {"units": units, "bytes": path.stat().st_size,
           "parse_ms": statistics.median(parse), "judge_ms": statistics.median(judge),
           "mebibytes": statistics.median(judge_mebibytes)}
    row["ratio"] = row["judge_ms"] / row["parse_ms"]
    for name, command in others.items():
        row[f"{name}_ms"] = bench.Median([bench.Run(command) for _ in range(3)]).cpu * 1e3
    return row, path


def text_of(rows, watch):
    print("units    bytes     parse ms  judge ms  / parse  MiB   python ms  jq ms")
    for row in rows:
        jq = f"{row['jq_ms']:6.0f}" if "jq_ms" in row else "not here"
        print(f"{row['units']:<8} {row['bytes']:<9} {row['parse_ms']:8.2f}  {row['judge_ms']:8.2f}"
              f"  {row['ratio']:7.2f}  {row['mebibytes']:<5.0f} {row['python_ms']:9.0f}  {jq}")
    print(f"watch: {watch['samples']} samples of {watch['units']} units: {watch['seconds']:.1f} s of"
          f" processor time, {watch['mebibytes']:.0f} MiB, {watch['bytes']} bytes of differences")


def missed(rows, watch):
    large, small = rows
    if large["ratio"] > RATIO_MAX:
        yield f"{large['ratio']:.2f} times the bare parse, {RATIO_MAX} wanted"
    if large["mebibytes"] > MEBIBYTES_MAX:
        yield f"{large['mebibytes']:.0f} MiB, {MEBIBYTES_MAX} wanted"
    if small["judge_ms"] > SMALL_MS_MAX:
        yield f"{small['judge_ms']:.2f} ms for 100 kB, {SMALL_MS_MAX} wanted"
    if watch["seconds"] > WATCH_SECONDS_MAX:
        yield f"a watch of {watch['seconds']:.1f} s, {WATCH_SECONDS_MAX} wanted"


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program", type=pathlib.Path)
    arguments.add_argument("--units", type=int, default=5000)
    arguments.add_argument("--bytes", type=int, default=20_000_000)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--samples", type=int, default=360)
    arguments.add_argument("--json", action="store_true")
    options = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        bench.Run.starter = bench.compile_program("run", folder)
        large, path = compare(options.program, options.units, options.bytes, options.runs, folder)
        small, _ = compare(options.program, 70, 100_000, options.runs, folder)
        (seconds, size, _), mebibytes = run_judge(options.program, "watch", path, options.samples)
    watch = {"units": options.units, "samples": options.samples, "seconds": seconds,
             "bytes": int(size), "mebibytes": mebibytes}
    if options.json:
        print(json.dumps({"documents": [large, small], "watch": watch}, indent=2))
        return
    text_of([large, small], watch)
    for line in missed([large, small], watch):
        print(f"missed: {line}")


if __name__ == "__main__":
    main()
