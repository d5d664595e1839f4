"""Officers, cases and claims for a load test, by the public API; prints rtcload's targets, two lines a call."""
import json
import sys
import urllib.request


def post(path, body, token=None, expect=(200, 201)):
    request = urllib.request.Request(base + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    if token:
        request.add_header("Authorization", "Bearer " + token)
    with urllib.request.urlopen(request) as reply:
        assert reply.status in expect, (path, reply.status)
        return json.load(reply)


NO = dict.fromkeys(
    "death licence_problem alcohol_or_drugs overloaded_or_speeding_passenger_vehicle plate_problem cannot_move "
    "party_left intent no_inspection_or_insurance_mark facility_damage hazardous_goods".split(), False)

base, calls = sys.argv[1], int(sys.argv[2])
admin = post("/api/v1/sessions", {"username": "admin", "password": "kuaichu-demo"})["token"]
for n in range(calls):
    name = f"load{n:03d}"
    post("/api/v1/admin/users", {"username": name, "password": "load-test-officer", "role": "officer", "name": name,
                                 "badge_number": f"9{n:05d}"}, admin)
    officer = post("/api/v1/sessions", {"username": name, "password": "load-test-officer"})["token"]
    opened = post("/api/v1/cases", {
        "channel": "web", "place": {"text": "商州区北新街", "latitude": 33.8704, "longitude": 109.9187, "accuracy_m": 12},
        "triage": {**NO, "injury": "none"}, "consents": ["recording", "location", "electronic_service"],
        "party": {"name": "张三", "phone": "13800000000", "plate_number": "陕H12345", "plate_type": "02"}}, admin)
    case, party = opened["case"]["id"], opened["token"]
    post(f"/api/v1/cases/{case}/queue", {}, party)
    post(f"/api/v1/cases/{case}/claim", {}, officer)
    for token in (party, officer):
        print(f"{base}/api/v1/cases/{case}/call - {token}")
