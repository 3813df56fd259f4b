"""Write docs/reference/."""

from pipeline.reference import ROOT, write

for path in write():
    print(path.relative_to(ROOT))
