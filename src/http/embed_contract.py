#!/usr/bin/env python3
"""Writes schema/openapi.yaml as JSON into a C source, so that the service can answer with it."""
import json
import sys

import yaml

source, target = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    text = json.dumps(yaml.safe_load(file), ensure_ascii=True, separators=(",", ":"))
data = text.encode() + b"\0"
rows = (data[at:at + 24] for at in range(0, len(data), 24))
with open(target, "w", encoding="ascii") as file:
    file.write('#include "src/http/contract.h"\n\nconst char kc_contract_json[] = {\n')
    for row in rows:
        file.write("    " + ", ".join(str(byte) for byte in row) + ",\n")
    file.write("};\n")
