"""The same job by lemon24's `reader` with ten workers, in an environment of its own: started by bench_collect.py."""

import json
import resource
import sys
import time

from reader import make_reader


def main(port: int, feeds: int, database: str) -> None:
    reader = make_reader(database)
    for number in range(feeds):
        reader.add_feed(f"http://127.0.0.1:{port}/{number}.xml", exist_ok=True)
    seconds = []
    for _ in range(2):
        started = time.perf_counter()
        for _result in reader.update_feeds_iter(workers=10, scheduled=False):
            pass
        seconds.append(time.perf_counter() - started)
    used = resource.getrusage(resource.RUSAGE_SELF)
    figures = {
        "first": seconds[0],
        "unchanged": seconds[1],
        "cpu": used.ru_utime + used.ru_stime,
        "largest_mb": used.ru_maxrss / 1024,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
