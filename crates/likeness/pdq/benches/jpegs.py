"""jpegs.py FOLDER: for each drawn picture (PPM or PGM) of the folder writes a JPEG beside it, of one of several
qualities, subsamplings and orders, and prints its path, quality and hash as PyPI `pdqhash` gives them."""
import pathlib
import sys

import numpy
import pdqhash
from PIL import Image, ImageFile

ImageFile.MAXBLOCK = 1 << 25
QUALITIES = [30, 50, 65, 75, 85, 92, 97]
for number, path in enumerate(sorted(pathlib.Path(sys.argv[1]).glob("*.p[gp]m"))):
    image = Image.open(path)
    options = {"quality": QUALITIES[number % 7], "progressive": number % 4 == 0}
    if image.mode == "RGB":
        options["subsampling"] = number // 2 % 3
    jpeg = path.with_suffix(".jpg")
    image.save(jpeg, "JPEG", **options)
    bits, quality = pdqhash.compute(numpy.asarray(Image.open(jpeg).convert("RGB")))
    print(jpeg, quality, "%064x" % int("".join(map(str, bits)), 2))
