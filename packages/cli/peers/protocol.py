"""How a peer of `simclr bench` answers: a line in, a line out."""
import json
import resource
import signal
import sys
import time

# Until allocators and caches have found their sizes: so many steps, and so many seconds of them.
WARM_UP_STEPS, WARM_UP_SECONDS = 3, 2


def answer(name, step, report=lambda result: result, warm_up_steps=WARM_UP_STEPS):
    """Takes steps to warm up, says `ready NAME`, and then answers each line of standard input:
    a number with the seconds that as many steps took, `memory` with the most bytes that the process has held,
    `result` with what `report` says of the last step's, as JSON.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # ends the processes of a DataLoader too
    began = time.perf_counter()
    while time.perf_counter() - began < WARM_UP_SECONDS:
        for _ in range(warm_up_steps):
            result = step()
    print(f"ready {name}", flush=True)
    for line in sys.stdin:
        if line.strip() == "memory":
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, flush=True)
            continue
        if line.strip() == "result":
            print(json.dumps(report(result)), flush=True)
            continue
        began = time.perf_counter()
        for _ in range(int(line)):
            result = step()
        print(time.perf_counter() - began, flush=True)
