"""Moves a wave along a string and publishes it after each step.

It knows no address, no cluster and no other program: all of that is in its environment.
"""

import argparse
import time

import numpy as np
from smartredis import Client, Dataset

POINTS = 512


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--steps", type=int, default=40)
    options.add_argument("--pace", type=float, default=0.1, help="seconds between two steps")
    arguments = options.parse_args()

    client = Client(None, logger_name="solver")
    x = np.linspace(0, 1, POINTS)
    now = np.exp(-((x - 0.3) ** 2) / 0.002)
    before = now.copy()
    for step in range(arguments.steps):
        for _ in range(20):
            now, before = advance(now, before)
        publish(client, step, x, now)
        print(f"step {step}: published", flush=True)
        time.sleep(arguments.pace)
    print("finished")


def advance(now, before, speed=0.5):
    """One step of the wave equation between two fixed ends."""
    after = np.zeros_like(now)
    bend = now[2:] - 2 * now[1:-1] + now[:-2]
    after[1:-1] = 2 * now[1:-1] - before[1:-1] + speed**2 * bend
    return after, now


def publish(client, step, x, wave):
    """One dataset a step, and a list of all of them: whoever follows sees only whole ones."""
    dataset = Dataset(f"wave_{step}")
    dataset.add_tensor("x", x)
    dataset.add_tensor("height", wave)
    dataset.add_meta_scalar("step", step)
    dataset.add_meta_string("unit", "m")
    client.put_dataset(dataset)
    client.append_to_list("waves", dataset)


if __name__ == "__main__":
    main()
