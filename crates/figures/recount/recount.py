"""Counts the figures of a period again, from exported lines of the ledger: a computation in another
language that shares nothing with the program.

    recount.py LINES YEAR      LINES: one JSON object a line (at_ms, subject, detail); YEAR: the figures
                               as the program counted them, in JSON

Ends with 0 when all agree, else tells each difference.
"""
import json
import sys
from collections import defaultdict
from fractions import Fraction

HOUR = 3_600_000


def tenths(number):
    """Rounded to one decimal, half away from nought."""
    sign = -1 if number < 0 else 1
    return sign * int(abs(number) * 10 + Fraction(1, 2)) / 10


def share(part, of):
    return tenths(Fraction(100 * part, of)) if of else None


class Count:
    def __init__(self):
        self.totals = defaultdict(int)
        self.parts = defaultdict(int)

    def add(self, key, n, **by):
        self.totals[key] += n
        self.part(key, n, **by)

    def part(self, key, n, **by):
        for name, word in by.items():
            self.parts[key, name.replace("_", "-"), word] += n


def illegal(verdict):
    return verdict.startswith("illegal-")


def counts(lines, start, end):
    c = Count()
    seen = defaultdict(set)
    for at, subject, fact in lines:
        inside = start <= at < end
        kind = fact["fact"]
        new = subject not in seen[kind]
        seen[kind].add(subject)
        if kind == "host_located" and new and inside:
            where = fact["hosted_in"]
            row = where if where in ("onion", "unknown") else fact["country"] or "unknown"
            c.add("hosts", 1, country=row, hosted_in=where)
        if kind == "provider_told" and new and inside:
            c.add("items-told", 1, provider=fact["provider"])
        if kind == "hashes_checked" and start <= fact["day"] * 24 * HOUR + 12 * HOUR < end:
            checks, hits, low = fact["checks"], fact["matches"], fact["not_checked"]
            for word, n in (("match", hits), ("no-match", checks - hits), ("not-checked", low)):
                c.add("hashes-asked", n, result=word)
            c.part("hashes-asked", checks + low, client=subject)
        if not inside:
            continue
        if kind == "report_received":
            c.add("reports", 1, channel=fact["channel"], origin=fact["origin"])
        elif kind == "report_closed":
            c.add("reports-closed", 1, outcome=fact["outcome"])
        elif kind == "address_sighted":
            c.add("sightings", 1, origin=fact["origin"], first="first" if fact["first"] else "again")
            c.add("addresses-new", int(fact["first"]))
            c.totals["addresses"] += subject not in seen["in period"]
            seen["in period"].add(subject)
        elif kind == "visit_ended":
            c.add("visits", 1, captured="yes" if fact["captured"] else "no")
        elif kind == "item_found":
            c.add("items-found", int(not fact["set_apart"]))
        elif kind in ("item_judged", "item_unjudged"):
            n, verdict = (1, fact["verdict"]) if kind == "item_judged" else (-1, fact["was"])
            c.add("items-judged", n, verdict=verdict, basis=fact["basis"])
            c.add("items-illegal", n * illegal(verdict))
            look = fact["basis"] in ("looked", "likeness")
            c.add("looks-needed" if look else "looks-saved", n)
        elif kind in ("content_judged", "judgement_undone"):
            n, verdict = (1, fact["verdict"]) if kind == "content_judged" else (-1, fact["was"])
            c.add("contents-judged", n, verdict=verdict)
            if illegal(verdict):
                c.add("contents-illegal", n)
                for question, options in fact["answers"].items():
                    for option in options:
                        c.part("contents-illegal", n, **{f"answer:{question}": option})
        elif kind == "notice_accepted":
            c.add("notices", 1, provider=fact["provider"])
        elif kind in ("removed", "reappeared"):
            c.add(kind, 1, provider=fact["provider"] or "unknown")
    c.totals["share-illegal"] = share(
        c.totals["items-illegal"],
        c.totals["items-judged"] - c.parts["items-judged", "verdict", "ignore"],
    )
    return c


def still_there(c, lines, end):
    told, gone = {}, {}
    for at, subject, fact in lines:
        if at < end:
            if fact["fact"] == "provider_told":
                told[subject] = fact["provider"]
            elif fact["fact"] in ("removed", "takedown_ended", "reappeared"):
                gone[subject] = fact["fact"] != "reappeared"
    for subject, provider in told.items():
        if not gone.get(subject):
            c.add("still-there", 1, provider=provider)


def watched(lines, start, end, begun, ended, cuts):
    """For each thing that began in the period: provider, how long it was watched, whether it ended."""
    horizon = min(end, lines[-1][0]) if lines else 0
    by_subject = defaultdict(list)
    for line in lines:
        by_subject[line[1]].append(line)
    spans = []
    for story in by_subject.values():
        first = next((i for i, line in enumerate(story) if line[2]["fact"] == begun), None)
        if first is None or not start <= story[first][0] < end:
            continue
        later = [line for line in story[first + 1:] if line[0] < end]
        ends = [line[2].get("first_gone", line[0]) for line in later if line[2]["fact"] == ended]
        cut = [line[0] for line in later if line[2]["fact"] in cuts]
        stop, over = min(min(cut, default=horizon), horizon), False
        if ends and (not cut or min(ends) <= min(cut)):
            stop, over = min(ends), True
        if stop >= story[first][0]:
            spans.append((story[first][2].get("provider") or "unknown", stop - story[first][0], over))
    return spans


def open_after(spans, limit):
    left = Fraction(1)
    for time in sorted({ms for _, ms, over in spans if over and ms <= limit}):
        risk = sum(ms >= time for _, ms, _ in spans)
        left *= 1 - Fraction(sum(over and ms == time for _, ms, over in spans), risk)
    return left


def clocks(c, lines, start, end):
    for hours_key, share_key, *way in (
        ("clock-closing", "closed-within-30d", "report_received", "report_closed", ()),
        ("clock-notice", "told-within-30d", "takedown_opened", "provider_told",
         ("to_be_forwarded", "takedown_ended", "removed")),
        ("clock-removal", "gone-within-30d", "provider_told", "removed", ("takedown_ended",)),
    ):
        spans = watched(lines, start, end, *way)
        times = sorted(ms for _, ms, over in spans if over)
        middle = next((ms for ms in times if 2 * open_after(spans, ms) <= 1), None)
        c.totals[hours_key] = None if middle is None else tenths(Fraction(middle, HOUR))
        for word, hours in (("24h", 24), ("48h", 48), ("72h", 72), ("7d", 168), ("30d", 720)):
            told = tenths(100 * (1 - open_after(spans, hours * HOUR))) if spans else None
            c.parts[share_key, "within", word] = c.totals[share_key] = told
    for word, hours in (("24h", 24), ("48h", 48), ("72h", 72), ("7d", 168)):
        limit, key = hours * HOUR, f"gone-within-{word}"
        known = [(p, over and ms <= limit) for p, ms, over in spans if over or ms >= limit]
        c.totals[key] = share(sum(gone for _, gone in known), len(known))
        c.parts[key, "weighting", "items"] = c.totals[key]
        each = defaultdict(list)
        for provider, gone in known:
            each[provider].append(gone)
        for provider, gone in each.items():
            c.parts[key, "provider", provider] = share(sum(gone), len(gone))
        mean = [Fraction(sum(gone), len(gone)) for gone in each.values()]
        c.parts[key, "weighting", "providers"] = tenths(100 * sum(mean) / len(mean)) if mean else None


def same(ours, theirs):
    if ours is None or theirs is None:
        return (ours or 0) == 0 and (theirs or 0) == 0 if None not in (ours, theirs) else ours == theirs
    # A mean of millionths may fall on the other side of a tenth.
    return ours == theirs or (isinstance(ours, float) and abs(ours - theirs) < 0.1000001)


def main():
    lines = []
    with open(sys.argv[1], encoding="utf-8") as file:
        for text in file:
            line = json.loads(text)
            lines.append((line["at_ms"], line["subject"], json.loads(line["detail"])))
    year = json.load(open(sys.argv[2], encoding="utf-8"))
    start, end = year["period"]["from"], year["period"]["until"]
    c = counts(lines, start, end)
    still_there(c, lines, end)
    clocks(c, lines, start, end)
    compared, wrong = 0, []
    for figure in year["figures"]:
        key = figure["key"]
        if key in c.totals or figure["value"] == 0:
            compared += 1
            if not same(c.totals.get(key, 0), figure["value"]):
                wrong.append(f"{key}: {figure['value']}, counted again {c.totals.get(key, 0)}")
        for part in figure["breakdowns"]:
            for row in part["rows"]:
                at = (key, part["by"], row["key"])
                if at in c.parts or (key in c.totals and row["value"] == 0):
                    compared += 1
                    if not same(c.parts.get(at, 0), row["value"]):
                        wrong.append(f"{at}: {row['value']}, counted again {c.parts.get(at, 0)}")
    print("\n".join(wrong) or f"{compared} numbers agree")
    sys.exit(1 if wrong or not compared else 0)


if __name__ == "__main__":
    main()
