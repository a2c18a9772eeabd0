"""Hashes the drawn pictures with PyPI `pdqhash`: full.py FOLDER prints number, quality and the eight hashes."""
import pathlib
import sys

import numpy as np
import pdqhash
from PIL import Image


def hexadecimal(bits):
    return "%064x" % int("".join(map(str, bits)), 2)


for path in sorted(pathlib.Path(sys.argv[1]).glob("*.p[gp]m")):
    pixels = np.asarray(Image.open(path).convert("RGB"))
    plain, quality = pdqhash.compute(pixels)
    turns, _ = pdqhash.compute_dihedral(pixels)
    print(path.stem, quality, hexadecimal(plain), *map(hexadecimal, turns[1:]))
