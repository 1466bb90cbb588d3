#!/usr/bin/python3
"""usage: validate_json.py SCHEMA DOCUMENT...

Validates each document against a JSON schema; a line for each problem, exit code 1 where there is one."""
import json
import sys

import jsonschema


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.validators.validator_for(schema)(schema)
    problems = 0
    for name in sys.argv[2:]:
        with open(name, encoding="utf-8") as file:
            document = json.load(file)
        for error in validator.iter_errors(document):
            place = "/".join(str(part) for part in error.absolute_path)
            print(f"{name}: {place}: {error.message}")
            problems += 1
    return 1 if problems or len(sys.argv) < 3 else 0


sys.exit(main())
