"""Formats of files that cannot be read: how they are recognized, and what to do with them."""

import re
from collections.abc import Collection

_SHEET = "save the sheet as CSV"
_EXPORT = "export the table as CSV"
_PICTURE = "for images, save the pixels as an NPZ file with X and y"


def _pandas(function: str) -> str:
    return f"convert it to CSV, for example with pandas.{function}(…).to_csv(…, index=False)"


_STARTS = (
    (b"%PDF-", "a PDF document; export its table as CSV"),
    (b"\xd0\xcf\x11\xe0", f"an old Excel or Word document; {_SHEET}"),
    (b"{\\rtf", f"an RTF document; {_EXPORT}"),
    (b"\x89PNG", f"a PNG image; {_PICTURE}"),
    (b"\xff\xd8\xff", f"a JPEG image; {_PICTURE}"),
    (b"GIF87a", f"a GIF image; {_PICTURE}"),
    (b"GIF89a", f"a GIF image; {_PICTURE}"),
    (b"II*\0", f"a TIFF image; {_PICTURE}"),
    (b"MM\0*", f"a TIFF image; {_PICTURE}"),
    (b"OggS\0", "an Ogg sound file; save the samples as NPZ"),
    (b"\x89HDF", f"an HDF5 file; {_pandas('read_hdf')}"),
    (b"CDF\x01", "a NetCDF file; save the samples as CSV or NPZ"),
    (b"CDF\x02", "a NetCDF file; save the samples as CSV or NPZ"),
    (b"Obj\x01", f"an Avro file; {_EXPORT}"),
    (b"SQLite format 3", f"an SQLite database; {_EXPORT}"),
    (b"<stata_dta>", f"a Stata file; {_pandas('read_stata')}"),
    (b"$FL2", f"an SPSS file; {_pandas('read_spss')}"),
    (b"$FL3", f"an SPSS file; {_pandas('read_spss')}"),
    (b"HEADER RECORD*******LIB", f"a SAS transport file; {_pandas('read_sas')}"),
    (bytes(12) + b"\xc2\xea\x81\x60", f"a SAS file; {_pandas('read_sas')}"),
    (b"MATLAB 5.0 MAT", "a MATLAB file; save its matrices as CSV (writematrix) or NPZ"),
    (b"RDX2\n", "an R file; save the data frame with write.csv"),
    (b"RDX3\n", "an R file; save the data frame with write.csv"),
    (b"X\n\0\0\0", "an R file; save the data frame with write.csv"),
    (b"\0\0\x08\x03", f"an IDX file of images, as MNIST's; {_PICTURE}"),
    (b"\0\0\x08\x01", f"an IDX file of labels, as MNIST's; {_PICTURE}"),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard; decompress it first (zstd -d)"),
    (b"\x04\x22\x4d\x18", "compressed with LZ4; decompress it first (lz4 -d)"),
    (b"\x1f\x9d", "compressed with compress; decompress it first (uncompress)"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"Rar!\x1a", "a RAR archive; unpack it first"),
    (b"\x7fELF", "a program; name a file of samples"),
)
"""First bytes, what the file is, and what to do with it."""

_WORDS = (
    (b"PAR1", f"a Parquet file; {_pandas('read_parquet')}"),
    (b"ARROW1", f"an Arrow file; {_pandas('read_feather')}"),
    (b"FEA1", f"a Feather file; {_pandas('read_feather')}"),
    (b"ORC", f"an ORC file; {_pandas('read_orc')}"),
    (b"ID3", "an MP3 sound file; save the samples as NPZ"),
)
"""The same where the first bytes might also be the name of a column: no text follows them."""

_TAR = "a tar archive; unpack it (tar -xf) and open one of its files"
_JSON = f"JSON; {_pandas('read_json')}"
_JSON_LINES = "JSON lines; convert it to CSV, for example with pandas.read_json(…, lines=True)"
_HTML = "an HTML page; export its table as CSV, for example with pandas.read_html"
_PICKLE = (
    "a Python pickle, which may run any program when it is read; save the samples as CSV or NPZ "
    "(to_csv, numpy.savez)"
)
_NOTEBOOK = "a Jupyter notebook; save the samples from it as CSV or NPZ"

_DOCUMENTS = {
    "xl/workbook.xml": f"an Excel workbook; {_SHEET}",
    "xl/workbook.bin": f"an Excel workbook; {_SHEET}",
    "content.xml": f"an OpenDocument file; {_SHEET}",
    "word/document.xml": f"a Word document; {_EXPORT}",
    "ppt/presentation.xml": f"a PowerPoint document; {_EXPORT}",
    "Index/Document.iwa": f"an Apple Numbers document; {_SHEET}",
    "data.pkl": "a PyTorch file; save the samples as NPZ",
}
"""Document types by the name of a file in the zip archive, or its end."""


def kind_of_archive(names: Collection[str]) -> str:
    """Describe a document that is a zip archive of these names; empty for any other archive."""
    for ending, kind in _DOCUMENTS.items():
        if any(name == ending or name.endswith(f"/{ending}") for name in names):
            return kind
    return ""


def foreign_format(start: bytes) -> str:
    """Say what a file that begins with ``start`` is, and what to do with it; empty for text."""
    for magic, kind in _STARTS:
        if start.startswith(magic):
            return kind
    for word, kind in _WORDS:
        if re.match(re.escape(word) + rb"[^\t\n\r -~]", start):
            return kind
    return _by_structure(start) or _markup(start)


def _by_structure(start: bytes) -> str:
    """Recognize formats whose marks are not their first bytes alone."""
    if start[257:262] == b"ustar":
        return _TAR
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return f"a WebP image; {_PICTURE}"
    if start[:4] == b"RIFF" and start[8:12] == b"WAVE":
        return "a WAV sound file; save the samples as NPZ"
    if start[:2] == b"BM" and start[6:10] == bytes(4):
        return f"a BMP image; {_PICTURE}"
    if start[4:8] == b"ftyp":
        return "a video or a HEIC image; save the samples as NPZ"
    if start[:1] == b"\x80" and start[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        return _PICKLE
    if re.match(rb"\(?[cd]?(?:cnumpy|ccopy_reg|cpandas|c__builtin__)", start):
        return _PICKLE
    if re.match(rb"P[1-6]\s+\d+\s+\d+\s", start):
        return f"a PNM image; {_PICTURE}"
    return ""


def _markup(start: bytes) -> str:
    """Recognize text that is JSON, HTML, XML or SQL rather than a table."""
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    low = text[:512].lower()
    if re.match(rb'\{\s*"', text) or text.startswith((b"{}", b"[]")):
        first, _, rest = text.partition(b"\n")
        if b'"nbformat"' in text or b'"cells"' in text[:64]:
            return _NOTEBOOK
        return _JSON_LINES if first.rstrip().endswith(b"}") and rest[:1] == b"{" else _JSON
    if re.match(rb'\[\s*(?:[\[{"]|-?\d)', text):
        return _JSON
    if low.startswith((b"<!doctype html", b"<html", b"<table", b"<head")):
        return _HTML
    if low.startswith((b"<?xml", b"<svg", b"<!doctype")):
        return f"XML; {_EXPORT}"
    if re.match(rb"(?:--[^\n]*\n|/\*|\s)*\s*(?:create table|insert into|drop table)\b", low):
        return f"SQL; {_EXPORT}"
    return ""
