"""Runs starrocks-br's planner, or its manifest writer, and prints what it took."""

import json
import resource
import sys
import time

from starrocks_br import db, planner

port, what = int(sys.argv[1]), sys.argv[2]
connection = db.StarRocksDB("127.0.0.1", port, "root", "", "d")
connection.connect()
start = time.perf_counter()
if what == "plan":
    planner.find_recent_partitions(connection, "d", group_name="g")
else:
    partitions = [
        {"database": "d", "table": f"t{n // 100}", "partition_name": f"p{n % 100}"}
        for n in range(int(sys.argv[3]))
    ]
    planner.record_backup_partitions(connection, f"d_bench_{start}", partitions)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
print("cost: " + json.dumps({"seconds": seconds, "peakBytes": peak}))
