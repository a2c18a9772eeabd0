"""Numbers of the PyPI package `lifelines` (MIT) to hold our Kaplan-Meier and log-rank against.

    compare.py --write      writes the numbers kept beside the tests
    compare.py FILE SEED    writes fresh numbers to FILE, for one run of ./test
"""
import json
import math
import random
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
from lifelines import KaplanMeierFitter  # noqa: E402
from lifelines.statistics import logrank_test  # noqa: E402

KEPT = Path(__file__).resolve().parent.parent / "src" / "survival_numbers.json"


def case(name, ms, ended, group):
    fitter = KaplanMeierFitter().fit(ms, ended)
    band = fitter.confidence_interval_survival_function_
    curve = []
    for at, row in fitter.event_table.iterrows():
        if row.observed == 0:
            continue
        share = float(fitter.survival_function_.loc[at].iloc[0])
        low, high = (float(n) for n in band.loc[at])
        # At nought the package takes a variance of nought; nothing is left to estimate one from.
        kept = None if share < 1e-12 or math.isnan(low) or math.isnan(high) else [low, high]
        curve.append([int(at), share, kept])
    # Where the share comes to exactly a half, the package's product of fractions may miss it by the last
    # bit and take the next step; the median is then that of its own curve, read with a little room.
    touches = [at for at, share, _ in curve if abs(share - 0.5) < 1e-12]
    median = touches[0] if touches else fitter.median_survival_time_
    first = [i for i, g in enumerate(group) if g == 0]
    second = [i for i, g in enumerate(group) if g == 1]
    chi_squared = p = None
    if first and second and any(ended):
        told = logrank_test([ms[i] for i in first], [ms[i] for i in second],
                            [ended[i] for i in first], [ended[i] for i in second])
        if not math.isnan(told.test_statistic):
            chi_squared, p = float(told.test_statistic), float(told.p_value)
    return dict(name=name, ms=ms, ended=ended, group=group, curve=curve,
                median=None if math.isinf(median) else int(median), chi_squared=chi_squared, p=p)


def drawn(chance, name, n, scale, censored, ties):
    ms, ended, group = [], [], []
    for _ in range(n):
        g = chance.randrange(2)
        length = chance.expovariate(1 / (scale * (1 + g)))
        ms.append(max(1, int(length) // ties * ties))
        ended.append(chance.random() >= censored)
        group.append(g)
    return case(name, ms, ended, group)


def all_cases(seed):
    chance = random.Random(seed)
    cases = [
        case("few", [10, 15, 20, 30], [True, False, True, False], [0, 0, 1, 1]),
        case("all at once", [5, 5, 5], [True, True, True], [0, 0, 0]),
        case("one", [7], [True], [0]),
    ]
    for at, (n, scale, censored, ties) in enumerate([
        (20, 50, 0.3, 1), (20, 50, 0.0, 10), (60, 3_600_000, 0.5, 1), (60, 100, 0.9, 25),
        (150, 86_400_000, 0.2, 3_600_000), (150, 1_000, 0.1, 1), (400, 172_800_000, 0.35, 60_000),
        (400, 20, 0.4, 1), (35, 500, 0.6, 50), (90, 40, 0.05, 5),
    ]):
        cases.append(drawn(chance, f"drawn {at}", n, scale, censored, ties))
    return cases


if __name__ == "__main__":
    if sys.argv[1] == "--write":
        target, seed = KEPT, 20261126
    else:
        target, seed = Path(sys.argv[1]), int(sys.argv[2])
    target.write_text(json.dumps(all_cases(seed), separators=(",", ":")) + "\n")
