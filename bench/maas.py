#!/usr/bin/env python3
"""usage: maas.py PROGRAM [--machines 4,200] [--runs 5] [--latency 50] [--json]

Times `PROGRAM observe maas`, the whole look at a MAAS, against the lab's MAAS with a latency before
each answer, beside the runbook's own 11 calls (curl and jq) and a bare Boost.JSON parse of the same
bytes. README.md says how to read the table.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

from bench import Run, compile_program

HERE = pathlib.Path(__file__).resolve().parent
SITE = HERE.parent / "sites" / "omega"
SUBNETS = ["1", "2", "6", "7", "8", "9"]

# What the product holds itself to: round trips of wall time, and times the bare parse.
ROUND_TRIPS_MAX = 2.5
PARSES_MAX = 3.0


def make_site(folder, count):
    """The reference site, with as many machines as wanted in place of its four."""
    shutil.copytree(SITE, folder)
    if count == 4:
        return
    site = folder / "site.yaml"
    machines = "".join(f"  node{i}: {{links: {{enp8s0: 10.12.{13 + i // 250}.{i % 250 + 1}}}}}\n"
                       for i in range(count))
    text = re.sub(r"(?ms)^machines:.*?\n(?=^\S)", f"machines:\n{machines}\n", site.read_text())
    site.write_text(text)


class Lab:
    def __init__(self, program, site, folder, latency):
        self.program, self.folder = program, folder
        done = subprocess.run([program, "up", "--site", site / "site.yaml", "--state", folder,
                               "--speed", "1", "--maas-latency", str(latency)],
                              stdout=subprocess.PIPE, check=True, text=True)
        self.environment = dict(os.environ)
        for name, value in re.findall(r"(?m)^(?:export )?(\w+)='?(.*?)'?;?$", done.stdout):
            self.environment[name] = value

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run([self.program, "down", "--state", self.folder], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def run(command, environment):
    os.environ.clear()
    os.environ.update(environment)
    return Run(command)


def fetch(lab, path, target):
    script = HERE / "runbook_maas.sh"
    text = script.read_text().split("system_ids=()")[0] + f'get "{path}"\n'
    with open(target, "wb") as out:
        subprocess.run(["bash", "-c", text], env=lab.environment, stdout=out, check=True)


def bodies(lab, folder, names):
    """The same bytes that the look receives."""
    query = "&".join(f"hostname={name}" for name in names)
    paths = [f"machines/?{query}", "subnets/", "ipranges/", "users/?op=whoami",
             "subnets/1/?op=ip_addresses", "subnets/2/?op=ip_addresses"]
    files = []
    for number, path in enumerate(paths):
        files.append(folder / f"body-{number}.json")
        fetch(lab, path, files[-1])
    return files


def compare(program, count, options, folder):
    site = folder / f"site-{count}"
    make_site(site, count)
    site_file = str(site / "site.yaml")
    parser = folder / "parse_json"
    if not parser.exists():
        compiler = shutil.which("c++") or shutil.which("g++") or sys.exit("bench: no C++ compiler")
        subprocess.run([compiler, "-O2", "-std=c++20", "-o", parser, HERE / "parse_json.cpp",
                        "-lboost_json"], check=True)
    before = dict(os.environ)
    with Lab(str(program) + "-lab", site, folder / f"lab-{count}", options.latency) as lab:
        look = [program, "observe", "maas", "--json", "--site", site_file]
        rest = [program, "gates", "list", "--json", "--site", site_file]
        seen = subprocess.run(look, env=lab.environment, stdout=subprocess.PIPE, check=True)
        machines = json.loads(seen.stdout)["maas_machines"]["value"]
        ids = [machine["system_id"] for machine in machines][:4]
        runbook = ["/bin/bash", HERE / "runbook_maas.sh", *ids, "--", *SUBNETS]
        rounds = [[run(command, lab.environment) for command in (look, rest, runbook)]
                  for _ in range(options.runs + 1)][1:]
        files = bodies(lab, folder, [machine["hostname"] for machine in machines])
    os.environ.clear()
    os.environ.update(before)
    parses = [float(subprocess.run([parser, *files], stdout=subprocess.PIPE, check=True).stdout)
              for _ in range(options.runs)]
    wall = [statistics.median(each[i].wall for each in rounds) for i in range(3)]
    cpu = [statistics.median(each[i].cpu for each in rounds) for i in range(3)]
    parse = statistics.median(parses)
    return {
        "machines": len(machines),
        "bytes": sum(file.stat().st_size for file in files),
        "wall_ms": wall[0] * 1e3,
        "round_trips": wall[0] * 1e3 / options.latency,
        "cpu_ms": cpu[0] * 1e3,
        "parse_ms": parse * 1e3,
        "parses": cpu[0] / parse,
        "runbook_ms": wall[2] * 1e3,
        "runbook_cpu_ms": cpu[2] * 1e3,
        "missed": [name for name, is_missed in (
            ("round trips", wall[0] * 1e3 / options.latency > ROUND_TRIPS_MAX),
            ("parses", count >= 200 and cpu[0] / parse > PARSES_MAX)) if is_missed],
    }


def print_table(rows, latency):
    print(f"{'machines':>8} {'MB':>6} {'wall ms':>8} {'round trips':>11} {'cpu ms':>7} "
          f"{'parse ms':>8} {'/ parse':>8} {'runbook ms':>10} {'its cpu ms':>10}")
    for row in rows:
        print(f"{row['machines']:>8} {row['bytes'] / 1e6:>6.2f} {row['wall_ms']:>8.1f} "
              f"{row['round_trips']:>11.2f} {row['cpu_ms']:>7.1f} {row['parse_ms']:>8.2f} "
              f"{row['parses']:>8.2f} {row['runbook_ms']:>10.1f} {row['runbook_cpu_ms']:>10.1f}")
    print(f"a round trip is the lab's latency, {latency} ms")
    for row in rows:
        for name in row["missed"]:
            print(f"missed at {row['machines']} machines: {name}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[2])
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--machines", default="4,200")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--latency", type=int, default=50, help="milliseconds before each answer")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    for tool in ("curl", "jq"):
        shutil.which(tool) or sys.exit(f"bench: no {tool}; install it to measure the runbook's way")
    with tempfile.TemporaryDirectory(dir=pathlib.Path.home(), prefix="gatehouse-bench-") as name:
        folder = pathlib.Path(name)
        Run.starter = compile_program("run", folder)
        rows = [compare(options.program.resolve(), int(count), options, folder)
                for count in options.machines.split(",")]
    if options.json:
        print(json.dumps(rows, indent=2))
    else:
        print_table(rows, options.latency)


if __name__ == "__main__":
    main()
