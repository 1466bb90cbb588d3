#!/usr/bin/env python3
"""A bundle of N applications in the shape of a large cloud: two thirds of them with one or three
units in LXD, bindings and options, the rest subordinates; N/12 machines; 2N relations."""
import sys


def application(index, machines):
    if index % 3 == 2:
        return ["    charm: mysql-router", "    channel: 8.0/stable", '    bindings: {"": metal}']
    units = 3 if index % 5 == 0 else 1
    targets = ", ".join(f'"lxd:{(index + unit) % machines}"' for unit in range(units))
    return [
        "    charm: keystone", "    channel: 2024.1/stable", f"    num_units: {units}",
        f"    to: [{targets}]",
        "    options:", f"      vip: 10.{index % 250}.4.50 10.{index % 250}.8.50",
        "      worker-multiplier: 0.25",
        "    bindings:", '      "": metal', "      public: provider"]


def generate(count):
    machines = max(4, count // 12)
    names = [f"a{i}x-router" if i % 3 == 2 else f"a{i}x" for i in range(count)]
    lines = ["default-base: ubuntu@22.04/stable", "machines:"]
    lines += [f'  "{i}": {{constraints: "arch=amd64 tags=openstack"}}' for i in range(machines)]
    lines.append("applications:")
    for index, name in enumerate(names):
        lines += [f"  {name}:", *application(index, machines)]
    lines.append("relations:")
    for index, name in enumerate(names):
        lines.append(f"- [{name}:shared-db, {names[(index + 1) % count]}:db-router]")
        lines.append(f"- [{name}:identity-service, {names[(index + 7) % count]}:identity-admin]")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(generate(int(sys.argv[1])))
