"""Builds python-threatexchange's PDQ index of the hashes in one file, asks it those of another, and prints the
median (us) and the queries per second, both in processor time of this process."""
import sys
import time

from threatexchange.signal_type.pdq.signal import PdqSignal


def rows(path):
    with open(path, "rb") as file:
        while row := file.read(32):
            yield row.hex()


index = PdqSignal.get_index_cls().build((row, n) for n, row in enumerate(rows(sys.argv[1])))
times = []
for row in rows(sys.argv[2]):
    start = time.process_time()
    index.query(row)
    times.append(time.process_time() - start)
print(sorted(times)[len(times) // 2] * 1e6, len(times) / sum(times))
