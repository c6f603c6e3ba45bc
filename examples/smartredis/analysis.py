"""Follows the solver, and keeps the spectrum of each wave in the orchestrator.

Whose waves it follows is in its environment (SSKEYIN), not in its code.
"""

import argparse
import sys

import numpy as np
from smartredis import Client


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--steps", type=int, default=40)
    options.add_argument("--patience", type=float, default=30, help="seconds to wait for the next wave")
    arguments = options.parse_args()

    client = Client(None, logger_name="analysis")
    for step in range(arguments.steps):
        tries = max(1, int(arguments.patience / 0.05))
        if not client.poll_list_length_gte("waves", step + 1, 50, tries):
            sys.exit(f"No new wave for {arguments.patience} s (so far: {step}). Look at the output of the solver.")
        wave = client.get_dataset(f"wave_{step}")
        height = wave.get_tensor("height")
        spectrum = np.abs(np.fft.rfft(height)).astype(np.float32)
        client.put_tensor(f"spectrum_{step}", spectrum)
        highest = wave.get_tensor("x")[np.argmax(np.abs(height))]
        unit = wave.get_meta_strings("unit")[0]
        print(f"step {step:3d}  highest at {highest:.3f}  energy {np.mean(height**2):.5f} {unit}²", flush=True)
    print(f"{arguments.steps} waves analysed")


if __name__ == "__main__":
    main()
