"""The `fengqiao` command: one word per thing an operator does."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from fengqiao.server import serving
from fengqiao.server.cannot_start import CannotStart

Command = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; gives the exit code. Expected failures are printed as one sentence."""
    arguments = parser().parse_args(argv)
    run: Command = arguments.run
    try:
        return run(arguments)
    except CannotStart as error:
        sys.stderr.write(f"fengqiao: {error}\n")
        return 1


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="fengqiao", description="枫桥: 社区派出所的工作闭环")
    words = top.add_subparsers(required=True, metavar="COMMAND")
    _serve(words)
    _simple(words, "migrate", "bring the database up to this version", "migrate")
    _simple(words, "demo", "load the demo station, if the database holds no station yet", "demo")
    _simple(words, "doctor", "check the installation and say what to mend", "doctor")
    _import(words)
    token = _simple(words, "token", "print a new API token of an account", "token")
    token.add_argument("username")
    _figures(words)
    _simulate(words)
    return top


def _simple(
    words: argparse._SubParsersAction[argparse.ArgumentParser], name: str, says: str, run: str
) -> argparse.ArgumentParser:
    made = words.add_parser(name, help=says, description=says)
    made.set_defaults(run=_later(run))
    return made


def _later(name: str) -> Command:
    """Commands live in a module that is imported when one is wanted: `serve` starts the faster."""

    def run(arguments: argparse.Namespace) -> int:
        from fengqiao.server import operating  # noqa: PLC0415 slow import

        command: Command = getattr(operating, name)
        return command(arguments)

    return run


def _serve(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    serve = words.add_parser("serve", help="run the station: database, web, jobs and clocks in one program")
    serve.add_argument("--role", choices=["all", "web", "worker"], default="all")
    serve.add_argument("--host", default=os.environ.get("FENGQIAO_HOST", "127.0.0.1"))
    serve.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
    serve.add_argument("--no-demo", action="store_true", help="start with an empty station")
    serve.set_defaults(run=serving.serve)
    prepare = words.add_parser("prepare", help=argparse.SUPPRESS)
    prepare.add_argument("--no-demo", action="store_true")
    prepare.set_defaults(run=_later("prepare"))


def _import(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    says = "take in a file; prints rows ok, failed and skipped with the reason per row"
    made = _simple(words, "import", says, "import_file")
    made.add_argument("what", help="divisions, communities, grids, premises, people, holidays, alerts ...")
    made.add_argument("file")
    made.add_argument("--dry-run", action="store_true", help="look, and write nothing")
    made.add_argument("--json", action="store_true")


def _figures(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    made = _simple(words, "figures", "the registered figures over a window", "figures")
    made.add_argument("--from", dest="first", required=True, metavar="YYYY-MM-DD")
    made.add_argument("--to", dest="last", required=True, metavar="YYYY-MM-DD")
    made.add_argument("--community", default="", metavar="CODE")
    made.add_argument("--json", action="store_true")


def _simulate(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    says = "play the demo station: days of its past in one go, or its present until stopped"
    made = _simple(words, "simulate", says, "simulate")
    made.add_argument("--days", type=int, default=30, help="days of the past, ending now")
    made.add_argument("--seed", type=int, default=1, help="the same seed gives the same figures")
    made.add_argument("--rate", type=float, help="alerts a day; default: the kinds' own")
    made.add_argument("--live", action="store_true", help="play the present into the running station")
    made.add_argument("--speed", type=float, default=10.0, help="how many times faster people act in --live")
    made.add_argument("--json", action="store_true")


if __name__ == "__main__":
    sys.exit(main())
