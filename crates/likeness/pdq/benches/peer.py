"""Reads a JPEG of the named length from standard input; for each line after it, hashes it once and prints the
milliseconds of processor time from its bytes to one PDQ hash as python-threatexchange makes it."""
import sys
import time

from threatexchange.signal_type.pdq.pdq_hasher import pdq_from_bytes

data = sys.stdin.buffer.read(int(sys.argv[1]))
while sys.stdin.buffer.readline():
    start = time.process_time()
    pdq_from_bytes(data)
    print((time.process_time() - start) * 1e3, flush=True)
