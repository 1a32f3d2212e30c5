"""PostgreSQL itself goes away under a bridge, and comes back."""

from __future__ import annotations

import signal
from contextlib import closing
from pathlib import Path

from advisor_desk.bridge import folder
from tests.bridge.rooftop import Rooftop
from tests.bridge.test_processes import answer
from tests.bridge.test_server import edit, with_maria
from tests.support.bridge import BridgeProcess
from tests.support.postgres import Cluster
from tests.support.waiting import until


def test_a_server_that_was_killed_and_came_back_is_served_from_again(tmp_path: Path) -> None:
    """Requests are refused meanwhile, with when to ask again; then all goes on."""
    with Cluster() as cluster:
        data = tmp_path / "bridge"
        with closing(folder.create(data, cluster.url(cluster.database()))) as made:
            Rooftop(made).opened()
        with BridgeProcess(with_maria(data)) as bridge:
            bridge.push("d1", [edit(bridge, 1, "T-7")], "maria")
            sent = edit(bridge, 2, "T-8")
            cluster.stop(signal.SIGQUIT)
            assert answer(bridge, "/v1/me") is None
            cluster.start()
            until(lambda: answer(bridge, "/v1/me"), what="the bridge to find the server again")
            assert bridge.push("d1", [sent], "maria")[0]["outcome"] in {"applied", "merged"}
