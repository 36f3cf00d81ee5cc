#!/usr/bin/env bash
# Measures whole scans against the floor (every source file parsed once) and, where they are installed, against peers.
#
# usage: scripts/bench.sh TREE...        each TREE a checked-out repository
#
# Prints, for each tree: the floor and cold scans, with one and two threads, and the largest memory in use.
# Times are the processor's unless they say wall. With hyperfine installed, wall times are medians of ten runs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ $# -gt 0 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2; }

cargo build --profile dist --quiet
bin=$PWD/target/dist/launchlint

# Processor seconds, wall seconds and, where the system tells it, the largest memory of a command.
measure() {
    python3 - "$@" <<'PY'
import os, resource, subprocess, sys, time
start = time.monotonic()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
wall = time.monotonic() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
mebibytes = used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
print(f"{used.ru_utime + used.ru_stime:.2f} s processor, {wall:.2f} s wall, {mebibytes:.0f} MiB, exit {code}")
PY
}

for tree in "$@"; do
    echo "== $tree"
    for threads in 1 2; do
        cargo bench --quiet --bench floor -- "$tree" "$threads"
    done
    for threads in 1 2; do
        echo "cold, $threads threads: $(measure "$bin" scan "$tree" --exit-zero --no-cache --jobs "$threads")"
    done
    if command -v hyperfine >/dev/null; then
        hyperfine --warmup 1 --runs 10 "$bin scan $tree --exit-zero" "rg --files $tree"
    fi
    if command -v semgrep >/dev/null && [ -n "${LLM_RULES:-}" ]; then
        echo "semgrep with $LLM_RULES: $(measure semgrep scan --metrics off --config "$LLM_RULES" "$tree")"
    fi
done
