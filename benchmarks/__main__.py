"""`make bench`: every benchmark, one after the other."""

from benchmarks import intake, pages

if __name__ == "__main__":
    intake.main()
    pages.main()
