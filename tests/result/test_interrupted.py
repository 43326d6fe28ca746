"""Killed at any point, a save leaves a whole result; two at a time do not mix."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sufficiency.problems import InputError
from sufficiency.result.folder import load, refuse_unusable, save
from sufficiency.result.locked import only_run
from tests.result.small import assert_same, inside, result

ROOT = Path(__file__).resolve().parents[2]

KILLED = """
import os, shutil, sys, warnings
warnings.simplefilter("ignore")
from dataclasses import replace
from pathlib import Path
from sufficiency.result.folder import load, save
from tests.result.small import assert_same, result

MOVES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir"}  # rmtree names files without their folder
KILLED, WHOLE = 9, 0

def few(scale):
    whole = result(scale)
    return replace(whole, frames={name: whole.frames[name] for name in ("placements", "awaiting")})

def run(work):
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:
            print(type(error).__name__, error, file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(WHOLE)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

def killed_save(folder, step):
    steps = 0
    def count(event, args):
        nonlocal steps
        if event in MOVES or (event == "open" and str(folder.parent) in str(args[0])):
            steps += 1
            if steps == step:
                os.write(1, (event + " ").encode())
                os._exit(KILLED)
    sys.addaudithook(count)
    save(few(2.0), folder)

def loads_one_of(folder, *scales):
    found = load(folder)
    assert_same(found, few(found.summary["objective"]))
    assert found.summary["objective"] in scales, found.summary["objective"]

def recovered(folder):
    loads_one_of(folder, 1.0, 2.0)
    save(few(3.0), folder)
    loads_one_of(folder, 3.0)
    assert os.listdir(folder.parent) == [folder.name], os.listdir(folder.parent)

def case(root, step):
    folder = root / f"{step}" / "mine"
    folder.parent.mkdir()
    shutil.copytree(root / "first", folder)
    ended = run(lambda: killed_save(folder, step))
    assert run(lambda: recovered(folder)) == WHOLE, step
    return ended == KILLED

root, steps = Path(sys.argv[1]), 0
assert run(lambda: save(few(1.0), root / "first")) == WHOLE
while case(root, steps + 1):
    steps += 1
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, which this system lacks")
def test_a_save_killed_at_any_step_leaves_a_whole_result(tmp_path: Path) -> None:
    run = [sys.executable, "-c", KILLED, str(tmp_path)]
    ended = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False, timeout=600)
    assert ended.returncode == 0, ended.stderr
    steps = ended.stdout.split()
    assert set(steps) == {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"}
    assert steps.count("os.rename") == 4  # complete, old aside, new in place, old given up
    assert steps.count("os.remove") >= 4  # while the old files are removed, too


def put(folder: Path, scale: float) -> None:
    save(result(scale), folder)


def test_a_swap_cut_short_is_finished_by_the_next_run(tmp_path: Path) -> None:
    put(tmp_path / "a", 1.0)
    put(tmp_path / "b", 2.0)
    (tmp_path / "a").rename(tmp_path / ".mine.old-123")
    (tmp_path / "b").rename(tmp_path / ".mine.ready")
    assert_same(load(tmp_path / "mine"), result(2.0))
    assert inside(tmp_path) == ["mine"]


def test_without_a_complete_new_folder_the_old_one_goes_back(tmp_path: Path) -> None:
    put(tmp_path / "a", 1.0)
    (tmp_path / "a").rename(tmp_path / ".mine.old-123")
    (tmp_path / ".mine.new-123").mkdir()
    assert_same(load(tmp_path / "mine"), result(1.0))
    assert inside(tmp_path) == ["mine"]


def test_leftovers_of_another_folder_are_left(tmp_path: Path) -> None:
    (tmp_path / ".mine2.new-1").mkdir()
    (tmp_path / ".mine.newer").mkdir()
    (tmp_path / ".mine.old-file").write_text("a file of someone's")
    put(tmp_path / "mine", 1.0)
    assert inside(tmp_path) == [".mine.newer", ".mine.old-file", ".mine2.new-1", "mine"]


HOLD = """
import sys, time
from pathlib import Path
from sufficiency.result.locked import only_run
with only_run(Path(sys.argv[1]), Path("mine")):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_into_the_same_folder_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "mine", 1.0)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / ".mine.lock")], cwd=ROOT, stdout=subprocess.PIPE
    )
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        for attempt in (lambda: refuse_unusable(tmp_path / "mine"), lambda: put(tmp_path / "mine", 2.0)):
            with pytest.raises(InputError, match=f"process {holder.pid}.* is writing these results"):
                attempt()
        assert_same(load(tmp_path / "mine"), result(1.0))
    finally:
        holder.kill()
        holder.communicate()
    # the lock of a run that was killed holds nobody up
    put(tmp_path / "mine", 2.0)
    assert inside(tmp_path) == ["mine"]


def test_a_lock_holds_and_is_let_go_on_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "lock"

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    with only_run(lock, tmp_path):
        assert lock.exists()
        with pytest.raises(InputError, match="another run is writing"), only_run(lock, tmp_path):
            pass
    assert not lock.exists()


def test_a_lock_is_let_go_when_the_work_fails(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    for _ in range(2):
        with pytest.raises(RuntimeError, match="boom"), only_run(lock, tmp_path):
            raise RuntimeError("boom")
    assert not lock.exists()
