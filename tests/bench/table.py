"""One table of rtcload's JSON files: medians of the runs of one kind, and ours as a ratio to Janus in the same SRTP profile."""
import collections
import json
import statistics
import sys


def figures(run):
    server, latency = run["server"], run["latency_us"]["video"]
    return {
        "CPU-s per call-minute": server["cpu_pct_core_per_call"] * 0.6,
        "latency p50 µs": latency["p50"], "latency p99 µs": latency["p99"],
        "offer to key frame ms": run["setup_ms"]["offer_to_first_key"]["p50"],
        "memory kB per call": server["rss_kb_per_call"], "threads": server["threads"],
        "loss %": run["packets"]["loss_pct"], "generator late p99 µs": run["generator"]["send_late_us"]["p99"],
    }


kinds = collections.defaultdict(list)
for path in sys.argv[1:]:
    run = json.load(open(path))
    kinds[run["srtp"], run["calls"], "kuaichu" if run["label"] == "kuaichu" else "Janus"].append(figures(run))
medians = {kind: {name: statistics.median(run[name] for run in runs) for name in runs[0]} for kind, runs in kinds.items()}

names = list(next(iter(medians.values())))
print("| server | SRTP | calls | runs | " + " | ".join(names) + " |")
print("|" + "---|" * (len(names) + 4))
for (srtp, calls, server), row in sorted(medians.items(), key=lambda item: item[0]):
    cells = " | ".join(f"{row[name]:.4g}" for name in names)
    print(f"| {server} | {srtp.removeprefix('SRTP_')} | {calls} | {len(kinds[srtp, calls, server])} | {cells} |")
for (srtp, calls, server), ours in sorted(medians.items()):
    peer = medians.get((srtp, calls, "Janus"))
    if server == "kuaichu" and peer:
        print(f"{srtp}, {calls} calls: ours / Janus: " + ", ".join(f"{k} {ours[k] / peer[k]:.2f}" for k in names[:5] if peer[k]))
