"""What another client notices of a policy that misbehaves as badly as it can: the time until its pings are answered."""

import argparse

from hostile import MODES, calibrated, measured


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", default="13.0", help="13.0 or 0.12")
    parser.add_argument("--seconds", type=float, default=10, help="of each of the two halves")
    parser.add_argument("--mode", choices=MODES, action="append")
    arguments = parser.parse_args()
    rounds = calibrated(arguments.version)
    print(f"Prosody {arguments.version}; milliseconds until a ping is answered, with a policy that decides and one that misbehaves")
    print(f"{'mode':18}{'p50':>8}{'p99':>8}{'max':>8}   →{'p50':>8}{'p99':>8}{'max':>8}   {'delivered':>9}{'refused':>9}{'over budget':>13}")
    for mode in arguments.mode or MODES:
        found = measured(arguments.version, mode, rounds, arguments.seconds)
        quiet, hostile = ("".join(f"{value:8.1f}" for value in found.milliseconds(pings)) for pings in (found.quiet, found.hostile))
        print(f"{mode:18}{quiet}   →{hostile}   {found.delivered:9}{found.refused:9}{found.over_budget:13}", flush=True)


if __name__ == "__main__":
    main()
