"""Starts a program under the limits of the drop-in for systemd, without systemd.   hardened.py UID PROGRAM…

What is a matter of the process (its system calls, address families, memory, rights, tasks) and the read-only root are set
as the drop-in says; /proc, /dev and namespaces of their own are left out. The variable DROP_IN names another drop-in."""

import ctypes
import os
import resource
import socket
import sys
from pathlib import Path

import pyseccomp as seccomp

import unit_file

PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP, PR_SET_MDWE = 38, 24, 65
PR_MDWE_REFUSE_EXEC_GAIN = 1
LAST_CAPABILITY = 40
LIBC = ctypes.CDLL(None, use_errno=True)


def prctl(option, argument):
    if LIBC.prctl(option, argument, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def drop_rights(user):
    for capability in range(LAST_CAPABILITY + 1):
        prctl(PR_CAPBSET_DROP, capability)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def address_families(text):
    return [getattr(socket, name) for name in unit_file.value("RestrictAddressFamilies", text).split()]


def is_of_this_machine(name):
    """The lists of systemd name system calls of all architectures, and some that libseccomp does not know yet."""
    try:
        return seccomp.resolve_syscall(seccomp.Arch.NATIVE, name) >= 0
    except ValueError:
        return False


def filter_of(text):
    refuse = seccomp.ERRNO(1)
    rules = seccomp.SyscallFilter(refuse)
    for name in sorted(unit_file.allowed_system_calls(text) - {"socket"}):
        if is_of_this_machine(name):
            rules.add_rule(seccomp.ALLOW, name)
    for family in address_families(text):
        rules.add_rule(seccomp.ALLOW, "socket", seccomp.Arg(0, seccomp.EQ, family))
    return rules


def main(user, *program):
    text = Path(os.environ.pop("DROP_IN", unit_file.DROP_IN)).read_text()
    rules = filter_of(text)  # asks systemd-analyze, which is a task, too
    os.umask(int(unit_file.value("UMask", text), 8))
    tasks = int(unit_file.value("TasksMax", text))
    resource.setrlimit(resource.RLIMIT_NPROC, (tasks, tasks))
    drop_rights(user)
    if unit_file.value("NoNewPrivileges", text) == "yes":
        prctl(PR_SET_NO_NEW_PRIVS, 1)
    if unit_file.value("MemoryDenyWriteExecute", text) == "yes":
        prctl(PR_SET_MDWE, PR_MDWE_REFUSE_EXEC_GAIN)
    rules.load()
    os.execv(program[0], program)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
