#!/usr/bin/env python3
"""usage: generate_status.py UNITS [BYTES]

Prints what `juju status --format json` of Juju 3.6 would of a settled model of that many units: a
fifth of them principals in LXD containers, the rest their subordinates, in the proportions of a
recorded cloud (notes of the project: 290 bytes a unit, 1.5 kB a machine, 1 kB a container). Where
BYTES asks for more, machines and containers get more network interfaces, as with many bridges.
"""
import json
import sys

SINCE = "2026-11-22 19:04:10Z"
MESSAGES = ["Unit is ready", "Unit is ready and clustered", "PO: Unit is ready",
            "Unit is ready: Mode: R/O, Cluster is ONLINE and can tolerate up to ONE failure."]


def status(current, message=""):
    value = {"current": current}
    if message:
        value["message"] = message
    value["since"] = SINCE
    return value


def interfaces(number, count):
    return {
        f"enp{at}s0f{at % 4}": {
            "ip-addresses": [f"10.{at % 200}.{number // 250 % 250}.{number % 250 + 1}"],
            "mac-address": f"52:54:00:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{at & 255:02x}",
            "gateway": f"10.{at % 200}.0.1",
            "dns-nameservers": ["10.12.8.1"],
            "space": "metal-admin" if at % 2 else "provider-public",
            "is-up": True,
        } for at in range(count)}


def machine(machine_id, number, interface_count):
    return {
        "juju-status": {"current": "started", "since": SINCE, "version": "3.6.28"},
        "hostname": f"juju-{machine_id.replace('/', '-')}",
        "dns-name": f"10.12.8.{number % 250}",
        "ip-addresses": [f"10.12.8.{number % 250}", f"10.12.12.{number % 250}"],
        "instance-id": f"juju-c0ffee-{machine_id.replace('/', '-')}",
        "display-name": f"node{number}",
        "machine-status": status("running", "Deployed"),
        "modification-status": {"current": "applied", "since": SINCE},
        "base": {"name": "ubuntu", "channel": "22.04"},
        "network-interfaces": interfaces(number, interface_count),
        "constraints": "arch=amd64 spaces=metal-admin,provider-public",
        "hardware": "arch=amd64 cores=64 mem=262144M tags=compute availability-zone=AZ1",
    }


def unit(name, number, message):
    return {
        "workload-status": status("active", message),
        "juju-status": {"current": "idle", "since": SINCE, "version": "3.6.28"},
        "open-ports": ["8200/tcp"],
        "public-address": f"10.12.{number // 250 % 250}.{number % 250 + 1}",
    }


def application(name, subordinate_to=None):
    value = {
        "charm": name, "charm-origin": "charmhub", "charm-name": name, "charm-rev": 100,
        "charm-channel": "2024.1/stable", "exposed": False,
        "base": {"name": "ubuntu", "channel": "22.04"},
        "application-status": status("active", "Unit is ready"),
        "relations": {f"endpoint-{at}": [{"related-application": f"app-{at}", "interface": "shared",
                                          "scope": "global"}] for at in range(4)},
        "endpoint-bindings": {"": "metal-admin", "public": "provider-public"},
    }
    if subordinate_to:
        value["subordinate-to"] = subordinate_to
    return value


def generate(units, interface_count=6):
    principals = max(1, units // 5)
    names = [f"app-{at}" for at in range(max(1, principals // 12))]
    machines, applications, made = {}, {}, 0
    for name in names:
        applications[name] = application(name)
        applications[name]["units"] = {}
    for at in range(4):
        applications[f"sub-{at}"] = application(f"sub-{at}", names)
    for number in range(principals):
        name = names[number % len(names)]
        host = str(number // 6)
        if host not in machines:
            machines[host] = machine(host, number // 6, interface_count)
            machines[host]["containers"] = {}
        container = f"{host}/lxd/{number % 6}"
        machines[host]["containers"][container] = machine(container, number, interface_count // 2)
        principal = unit(name, number, MESSAGES[number % len(MESSAGES)])
        principal["machine"] = container
        principal["leader"] = number < len(names)
        if not principal["leader"]:
            del principal["leader"]
        made += 1
        principal["subordinates"] = {}
        for at in range(4):
            if made < units:
                principal["subordinates"][f"sub-{at}/{number}"] = unit(f"sub-{at}", number,
                                                                      "Unit is ready")
                made += 1
        applications[name]["units"][f"{name}/{number // len(names)}"] = principal
    return {
        "model": {"name": "openstack", "type": "iaas", "controller": "omega", "cloud": "maas",
                  "region": "default", "version": "3.6.28",
                  "model-status": {"current": "available", "since": SINCE}, "sla": "unsupported"},
        "machines": machines, "applications": applications, "storage": {},
        "controller": {"timestamp": "19:04:10"},
    }


def text_of(units, bytes_wanted=0):
    """The document on one line, of at least so many bytes."""
    interface_count = 6
    while True:
        text = json.dumps(generate(units, interface_count), separators=(",", ":")) + "\n"
        if len(text) >= bytes_wanted:
            return text
        interface_count = max(interface_count + 2, int(interface_count * bytes_wanted / len(text)))


if __name__ == "__main__":
    sys.stdout.write(text_of(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
