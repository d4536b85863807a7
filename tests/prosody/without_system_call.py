"""Starts a program which a seccomp filter refuses one system call.   without_system_call.py NAME PROGRAM…"""

import os
import sys

import pyseccomp as seccomp

EPERM = 1


def main(name, *program):
    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    rules.add_rule(seccomp.ERRNO(EPERM), name)
    # Not without a right of root's, or this promise.
    rules.set_attr(seccomp.Attr.CTL_NNP, 1)
    rules.load()
    os.execv(program[0], program)


if __name__ == "__main__":
    main(*sys.argv[1:])
