"""`make bench`: every benchmark, one after the other."""

from benchmarks import board, intake, pages, regrade

if __name__ == "__main__":
    intake.main()
    board.main()
    pages.main()
    regrade.main()
