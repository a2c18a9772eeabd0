# Reads a WACZ with warcio and the standard library only; prints the types of its records.
import hashlib, json, sys, zipfile
from io import BytesIO
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
package = json.loads(archive.read("datapackage.json"))
for resource in package["resources"]:
    raw = archive.read(resource["path"])
    assert len(raw) == resource["bytes"], resource
    assert "sha256:" + hashlib.sha256(raw).hexdigest() == resource["hash"], resource
listed = {resource["path"] for resource in package["resources"]}
assert listed | {"datapackage.json", "datapackage-digest.json"} == set(archive.namelist())
digest = json.loads(archive.read("datapackage-digest.json"))
assert digest["hash"] == "sha256:" + hashlib.sha256(archive.read("datapackage.json")).hexdigest()

warc = archive.read("archive/data.warc.gz")
kinds = []
for record in ArchiveIterator(BytesIO(warc), check_digests="raise"):
    record.content_stream().read()
    kinds.append(record.rec_type)
for line in archive.read("indexes/index.cdx").decode().splitlines():
    key, stamp, known = line.split(" ", 2)
    known = json.loads(known)
    start = int(known["offset"])
    part = BytesIO(warc[start:start + int(known["length"])])
    record = next(iter(ArchiveIterator(part)))
    assert record.rec_headers.get_header("WARC-Target-URI") == known["url"], known
    assert record.rec_headers.get_header("WARC-Payload-Digest") == known["digest"], known
pages = archive.read("pages/pages.jsonl").decode().splitlines()
assert json.loads(pages[0])["format"] == "json-pages-1.0" and len(pages) == 2
print(" ".join(kinds))
