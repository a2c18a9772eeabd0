"""Reads a JPEG from standard input and prints the median time from its bytes to one hash, in milliseconds."""
import io
import sys
import time

import numpy
import pdqhash
from PIL import Image

data = sys.stdin.buffer.read()
times = []
for _ in range(int(sys.argv[1])):
    start = time.perf_counter()
    bits, quality = pdqhash.compute(numpy.asarray(Image.open(io.BytesIO(data))))
    "%064x" % int("".join(map(str, bits)), 2)
    times.append(time.perf_counter() - start)
print(sorted(times)[len(times) // 2] * 1e3)
