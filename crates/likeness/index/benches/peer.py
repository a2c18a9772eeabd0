"""Builds python-threatexchange's PDQ index of as many random hashes and prints p50 (us) and queries per second."""
import sys
import time

import numpy
from threatexchange.signal_type.pdq.signal import PdqSignal

count = int(sys.argv[1])
numbers = numpy.random.default_rng(1).integers(0, 256, (count, 32), dtype=numpy.uint8)
index = PdqSignal.get_index_cls().build((row.tobytes().hex(), n) for n, row in enumerate(numbers))
times = []
for turn in range(300):
    row = numbers[turn * 37 % count].copy()
    if turn % 2:
        row = numpy.random.default_rng(turn).integers(0, 256, 32, dtype=numpy.uint8)
    row[0] ^= turn % 32
    start = time.perf_counter()
    index.query(row.tobytes().hex())
    times.append(time.perf_counter() - start)
print(sorted(times)[len(times) // 2] * 1e6, len(times) / sum(times))
