#!/usr/bin/env python3
"""Makes src/Starling.Compute/Tokens/canonical.txt from Python's Unicode database: what composing characters (NFC) needs.

Lines: "v" version; "c" class first last (combining classes that are not 0); "d" character part [part] (canonical
decompositions by one step), "D" where composing gives the character back. Numbers are hexadecimal. Hangul is computed.
"""
import pathlib
import sys
import unicodedata

out = pathlib.Path(__file__).parent.parent / "src/Starling.Compute/Tokens/canonical.txt"
lines = [f"v {unicodedata.unidata_version}"]
ranges = []
for point in range(sys.maxunicode + 1):
    if not (kind := unicodedata.combining(chr(point))):
        continue
    if ranges and ranges[-1][0] == kind and ranges[-1][2] == point - 1:
        ranges[-1][2] = point
    else:
        ranges.append([kind, point, point])
lines += [f"c {kind:x} {first:x} {last:x}" for kind, first, last in ranges]
for point in range(sys.maxunicode + 1):
    parts = unicodedata.decomposition(chr(point)).split()
    if not parts or parts[0].startswith("<"):
        continue
    back = unicodedata.normalize("NFC", "".join(chr(int(part, 16)) for part in parts)) == chr(point)
    lines.append(" ".join(["D" if back else "d", f"{point:x}"] + [f"{int(part, 16):x}" for part in parts]))
out.write_text("\n".join(lines) + "\n")
