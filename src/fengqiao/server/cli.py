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
    top = argparse.ArgumentParser(prog="fengqiao", description="枫桥：社区派出所的工作闭环")
    words = top.add_subparsers(required=True, metavar="COMMAND")
    _serve(words)
    _simple(words, "migrate", "bring the database up to this version", "migrate")
    _simple(words, "demo", "load the demo station, if the database holds no station yet", "demo")
    _simple(words, "doctor", "check the installation and say what to mend", "doctor")
    _import(words)
    token = _simple(words, "token", "print a new API token of an account", "token")
    token.add_argument("username")
    says = "give an account a post of the whole station, by whoever runs the machine; it is on record"
    appoint = _simple(words, "appoint", says, "appoint")
    appoint.add_argument("username")
    appoint.add_argument("role", choices=["chief", "desk", "security_admin", "system_admin", "audit_admin"])
    _figures(words)
    verify = _simple(words, "verify", "read the sealed logs again and name the first changed row", "verify")
    verify.add_argument("--json", action="store_true")
    keep = _simple(words, "keep", "destroy what is past its day; legal holds stay", "keep")
    keep.add_argument("--dry-run", action="store_true", help="count, and destroy nothing")
    keep.add_argument("--json", action="store_true")
    keep.add_argument(
        "--scrub", action="store_true", help="rewrite the key table's file too: old versions leave the disk"
    )
    dictionary = _simple(words, "dictionary", "every column: class, purpose, basis, life", "dictionary")
    shape = dictionary.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true")
    shape.add_argument("--markdown", action="store_true")
    _backup(words)
    _restore(words)
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
    made.add_argument(
        "what",
        help="divisions, communities, grids, premises, people, holidays, checklists, alerts, hazards, histories ...",
    )
    made.add_argument("file")
    made.add_argument("--mapping", default="", metavar="NAME|FILE", help="whose columns become ours, and how")
    made.add_argument("--dry-run", action="store_true", help="look, and write nothing")
    made.add_argument("--json", action="store_true")


def _figures(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    made = _simple(words, "figures", "the registered figures over a window", "figures")
    made.add_argument("--from", dest="first", required=True, metavar="YYYY-MM-DD")
    made.add_argument("--to", dest="last", required=True, metavar="YYYY-MM-DD")
    made.add_argument("--community", default="", metavar="CODE")
    made.add_argument("--json", action="store_true")


def _backup(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    says = "write the whole station into one sealed file and read it back"
    made = words.add_parser("backup", help=says, description=says)
    made.add_argument("file", nargs="?", default="", help="the file to write, or with --check to read")
    made.add_argument("--check", action="store_true", help="read the file whole and write nothing")
    made.add_argument("--nightly", action="store_true", help=argparse.SUPPRESS)
    _keys(made)
    made.set_defaults(run=_kept("backup"))


def _restore(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    says = "bring a station back from a backup and compare it with what the backup counted"
    made = words.add_parser("restore", help=says, description=says)
    made.add_argument("file")
    made.add_argument("--into", default="", metavar="HOME", help="a data directory other than FENGQIAO_HOME")
    made.add_argument("--replace", action="store_true", help="move the database that is there aside")
    made.add_argument("--keys", default="", metavar="FILE", help="the key file; default: beside the backup")
    _keys(made)
    made.set_defaults(run=_kept("restore"))


def _keys(made: argparse.ArgumentParser) -> None:
    keys = made.add_mutually_exclusive_group()
    keys.add_argument("--passphrase-file", default="", metavar="FILE", help="its first line opens the backup")
    keys.add_argument("--key-file", default="", metavar="FILE", help="default: secrets/backup_key")


def _kept(name: str) -> Command:
    def run(arguments: argparse.Namespace) -> int:
        from fengqiao.server.backup import commands  # noqa: PLC0415 slow import

        command: Command = getattr(commands, name)
        return command(arguments)

    return run


def _simulate(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    says = "play the demo station: days of its past in one go, or its present until stopped"
    made = _simple(words, "simulate", says, "simulate")
    made.add_argument("--days", type=int, default=30, help="days of the past, ending now")
    made.add_argument("--seed", type=int, default=1, help="the same seed gives the same figures")
    made.add_argument("--rate", type=float, help="alerts a day; default: the kinds' own")
    made.add_argument("--premises", type=int, default=0, help="add so many invented places first")
    made.add_argument("--live", action="store_true", help="play the present into the running station")
    made.add_argument("--speed", type=float, default=10.0, help="how many times faster people act in --live")
    made.add_argument("--json", action="store_true")


if __name__ == "__main__":
    sys.exit(main())
