"""Writes the JPEG files of ../jpegs, drawn by code, and digests.txt beside them: the SHA-256 of the pixels that Pillow
(libjpeg-turbo) decodes from each, grey or interleaved red, green and blue. Made with Pillow 13.0, libjpeg-turbo 3.2."""
import hashlib
import pathlib

from PIL import Image

folder = pathlib.Path(__file__).parent.parent / "jpegs"
KINDS = [
    # width, height, mode, options, and other factors of luma, with which the same blocks make another picture
    (5, 5, "RGB", {"quality": 75, "subsampling": 2}),
    (7, 9, "RGB", {"quality": 85, "subsampling": 1}),
    (3, 40, "RGB", {"quality": 85, "subsampling": 2}),
    (17, 61, "RGB", {"quality": 50, "subsampling": 2}),
    (33, 16, "RGB", {"quality": 30, "subsampling": 1}),
    (50, 34, "RGB", {"quality": 92, "subsampling": 0}),
    (64, 64, "RGB", {"quality": 75, "subsampling": 1}, 0x12),
    (64, 64, "RGB", {"quality": 75, "subsampling": 2}, 0x41),
    (40, 30, "L", {"quality": 65}),
    (49, 47, "RGB", {"quality": 97, "subsampling": 2, "optimize": True}),
    (60, 50, "RGB", {"quality": 75, "subsampling": 2, "restart_marker_rows": 1}),
    (60, 50, "RGB", {"quality": 75, "subsampling": 0, "restart_marker_blocks": 3}),
    (5, 5, "RGB", {"quality": 75, "subsampling": 2, "progressive": True}),
    (37, 29, "RGB", {"quality": 90, "subsampling": 1, "progressive": True}),
    (64, 48, "RGB", {"quality": 60, "subsampling": 0, "progressive": True}),
    (45, 51, "L", {"quality": 85, "progressive": True}),
    (60, 50, "RGB", {"quality": 80, "subsampling": 2, "progressive": True, "restart_marker_blocks": 5}),
]


def drawn(width, height):
    image = Image.new("RGB", (width, height))
    for y in range(height):
        for x in range(width):
            disc = 90 if (x - width // 3) ** 2 + (y - height // 2) ** 2 < (min(width, height) // 3) ** 2 else 0
            grain = (x * 7919 + y * 104729) * 2654435761 % 97 // 4
            image.putpixel((x, y), ((x * 255 // width + disc + grain) % 256, (y * 200 // height + grain) % 256, (disc * 2 + x * y) % 256))
    return image


lines = []
for number, (width, height, mode, options, *factors) in enumerate(KINDS):
    path = folder / f"{number:02}.jpg"
    drawn(width, height).convert(mode).save(path, "JPEG", **options)
    if factors:
        data = bytearray(path.read_bytes())
        data[data.index(b"\xff\xc0") + 11] = factors[0]
        path.write_bytes(data)
    pixels = Image.open(path).tobytes()
    lines.append(f"{path.name} {width} {height} {hashlib.sha256(pixels).hexdigest()}\n")
(folder / "digests.txt").write_text("".join(lines))
