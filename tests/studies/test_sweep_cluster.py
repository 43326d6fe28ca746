import os
import signal
from pathlib import Path

import pytest

from sufficiency.api.sweeping import sweep_to_folder
from sufficiency.problems import InputError
from sufficiency.studies.sweep.cluster import warnings_of
from tests.studies.sweep_case import VARIED, swept_toy
from tests.studies.test_sweep import contents
from tests.tiny import tiny


def test_an_address_without_tls_is_warned_of() -> None:
    assert warnings_of("tls://10.0.0.1:8786") == []
    assert "without TLS" in str(warnings_of("tcp://10.0.0.1:8786")[0])


def test_no_scheduler_is_a_clear_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("sufficiency.studies.sweep.cluster.PATIENCE", "0.5s")
    with pytest.raises(InputError, match="no scheduler answers"):
        sweep_to_folder(tiny(tmp_path), folder=tmp_path / "out", draws=1, cluster="tcp://127.0.0.1:9")


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_cluster_gives_the_same_though_workers_come_and_go(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    model = swept_toy(tmp_path, section=VARIED)
    sweep_to_folder(model, folder=tmp_path / "one", draws=6, workers=1)
    options = {"processes": True, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(n_workers=2, **options) as cluster:
        happened = []

        def meanwhile(step: str, detail: str) -> None:
            if detail.startswith("1 of") and not happened:
                happened.append(1)
                worker = next(iter(cluster.workers.values()))
                os.kill(worker.process.pid, signal.SIGKILL)
                cluster.scale(3)

        sweep_to_folder(model, folder=tmp_path / "out", draws=6, cluster=cluster.scheduler_address, progress=meanwhile)
        assert happened
    assert contents(tmp_path / "out") == contents(tmp_path / "one")
