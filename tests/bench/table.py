"""One table of rtcload's JSON files, with each of ours as a ratio to Janus in the same SRTP profile."""
import json
import sys

runs = [json.load(open(path)) for path in sys.argv[1:]]


def row(run):
    server, latency = run["server"], run["latency_us"]["video"]
    return {
        "CPU-s per call-minute": server["cpu_pct_core_per_call"] * 0.6,
        "latency p50 µs": latency["p50"], "latency p99 µs": latency["p99"],
        "offer to key frame ms": run["setup_ms"]["offer_to_first_key"]["p50"],
        "memory kB per call": server["rss_kb_per_call"], "threads": server["threads"],
        "loss %": run["packets"]["loss_pct"], "generator late p99 µs": run["generator"]["send_late_us"]["p99"],
    }


names = list(row(runs[0]))
print("| run | SRTP | calls | receiving | " + " | ".join(names) + " |")
print("|" + "---|" * (len(names) + 4))
for run in sorted(runs, key=lambda r: (r["srtp"], r["label"])):
    cells = " | ".join(f"{value:.4g}" for value in row(run).values())
    print(f"| {run['label']} | {run['srtp']} | {run['calls']} | {run['setup_ms']['receiving']} | {cells} |")
for ours in (r for r in runs if r["label"].startswith("kuaichu")):
    for peer in (r for r in runs if not r["label"].startswith("kuaichu") and r["srtp"] == ours["srtp"]):
        a, b = row(ours), row(peer)
        print(f"{ours['srtp']}: ours / Janus: " + ", ".join(f"{k} {a[k] / b[k]:.2f}" for k in names[:5] if b[k]))
