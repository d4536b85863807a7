"""What outlives a restart, a reload, a replaced file, a death while loading: history, follow, safe mode."""

import os
import shutil

from marking import HOST, POLICY, RUST, Running, delivers_canary, entry, exchange, variant
from waiting import wait_until



def test_history_and_what_is_in_force_survive_a_restart(version):
    with Running(version) as it:
        first = it.identity()
        assert it.swap(variant(RUST, "two"), settings={"version": "two"}).ok
        second = it.identity()
        lines = it.shell.wasm("history", HOST, POLICY).lines
        it.restart()
        assert it.identity() == second and it.mark()["version"] == "two"
        assert it.shell.wasm("history", HOST, POLICY).lines[:2] == lines
        # Somebody who only looks at the configuration is told.
        assert any("came by shell" in text for _, text in it.server.log_lines("warn"))
        # Back to what is no longer warm, from the kept component.
        assert it.shell.wasm("rollback", HOST, POLICY, first[:8]).ok
        assert it.identity() == first and it.mark()["version"] == "one"


def test_kept_component_outlives_its_file(version, tmp_path):
    with Running(version) as it:
        file = variant(RUST, "gone", tmp_path)
        assert it.swap(file, settings={"version": "two"}).ok
        second = it.identity()
        file.unlink()
        it.restart()
        assert it.identity() == second and it.mark()["version"] == "two"


def test_changed_configuration_wins_at_a_restart(version):
    with Running(version) as it:
        assert it.swap(settings={"version": "two"}).ok
        policies(it)[POLICY]["settings"] = {"version": "three"}
        it.restart()
        assert it.mark()["version"] == "three"


def policies(it):
    return it.server.hosts[0].options["wasm_policies"]


def reload(it):
    it.server.write_configuration()
    assert it.shell.run("config:reload()").ok


def test_reload_takes_a_changed_configuration_over(version):
    with Running(version) as it:
        seen = int(it.mark()["seen"])
        policies(it)[POLICY]["settings"] = {"version": "two"}
        reload(it)
        wait_until(lambda: it.mark()["version"] == "two")
        assert int(it.mark()["seen"]) > seen
        before = it.identity()
        policies(it)[POLICY]["settings"] = {"version": "three", "versoin": ""}
        reload(it)
        wait_until(lambda: "not in force" in it.shell.info(HOST, POLICY)["Reason"])
        assert it.identity() == before and it.mark()["version"] == "two"


def test_follow_swaps_a_replaced_file_and_no_broken_one(version, tmp_path):
    file = tmp_path / "followed.wasm"
    shutil.copy(RUST, file)
    with Running(version, {POLICY: entry(path=file, follow=True)}) as it:
        first, seen = it.identity(), int(it.mark()["seen"])
        replace(file, variant(RUST, "followed", tmp_path).read_bytes())
        wait_until(lambda: it.identity() != first)
        assert int(it.mark()["seen"]) > seen
        second = it.identity()
        replace(file, b"not wasm")
        wait_until(lambda: any("followed.wasm" in text for text in it.errors()))
        assert it.identity() == second and it.mark()["version"] == "one"


def replace(file, content):
    new = file.with_suffix(".new")
    new.write_bytes(content)
    os.replace(new, file)


def test_safe_mode_denies_or_opens_and_ends(version):
    with Running(version) as it:
        before = it.identity()
        assert it.shell.wasm("safe-mode", HOST, "deny").ok
        assert exchange(it.alice, it.bob) is None
        assert it.shell.wasm("safe-mode", HOST, "off").ok
        assert delivers_canary(it.alice, it.bob)
        assert it.shell.wasm("safe-mode", HOST, "end").ok
        wait_until(lambda: it.shell.info(HOST, POLICY)["State"] == "running")
        assert it.identity() == before and it.mark()["version"] == "one"


def test_safe_mode_of_the_configuration_loads_nothing(version):
    with Running(version) as it:
        it.server.options["wasm_safe_mode"] = "deny"
        it.server.stop()
        it.server.start()
        it.connect()
        assert exchange(it.alice, it.bob) is None and not delivers_canary(it.alice, it.bob)


def test_what_killed_the_last_start_is_not_loaded_again(version):
    with Running(version) as it:
        first = it.identity()
        assert it.swap(settings={"version": "two"}).ok
        second = it.identity()
        it.server.kill()
        # As the server leaves it when it dies while it loads a policy.
        marker = it.server.folder / "data" / "wasm-loading" / HOST / POLICY
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.write_text(f"{second}\n")
        it.restart()
        assert it.identity() == first and it.mark()["version"] == "one"
        assert any("died while it loaded" in text for text in it.errors())
        # Asked for, it gets another chance.
        assert it.swap(settings={"version": "two"}).ok
        it.restart()
        assert it.identity() == second
