"""The parts of tools/bench_send.py."""
