"""Asks for stills of running calls in turn, and prints how long each took: stills.py BASE TARGETS SECONDS."""
import json
import sys
import time
import urllib.request

base, targets, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])


def ask(method, path, token, body=None):
    request = urllib.request.Request(base + path, None if body is None else json.dumps(body).encode(),
                                     {"Content-Type": "application/json", "Authorization": "Bearer " + token},
                                     method=method)
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


lines = [line.split() for line in open(targets)]
cases = [(url.removeprefix(base).removesuffix("/call"), token) for url, _, token in lines[1::2]]
parties = {case: ask("GET", case, token)["parties"][0]["id"] for case, token in cases}
took_ms, end, still = [], time.monotonic() + seconds, None
while time.monotonic() < end:
    case, token = cases[len(took_ms) % len(cases)]
    began = time.monotonic()
    still = ask("POST", case + "/snapshots", token, {"party_id": parties[case]})["still"]
    took_ms.append((time.monotonic() - began) * 1000)
    time.sleep(0.15)
took_ms.sort()
print(f"{len(cases)} calls, {len(took_ms)} stills of {still['width']}x{still['height']}: median {took_ms[len(took_ms) // 2]:.0f} ms, "
      f"p99 {took_ms[int(len(took_ms) * 0.99)]:.0f} ms, slowest {took_ms[-1]:.0f} ms")
sys.exit(took_ms[int(len(took_ms) * 0.99)] > 300)
