#!/usr/bin/env bash
# Measures whole scans against the floor (every source file parsed once) and, where they are installed, against peers.
#
# usage: scripts/bench.sh TREE...        each TREE a checked-out repository
#
# Prints, for each tree: the floor, cold scans with one and two threads, a warm scan, and the largest memory in use.
# Times are the processor's unless they say wall. With hyperfine installed, wall times are medians of ten runs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ $# -gt 0 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2; }

cargo build --release --quiet
bin=$PWD/target/release/launchlint

# processor seconds, wall seconds and mebibytes of a command
measure() {
    local out
    out=$({ /usr/bin/env time -f '%U %S %e %M' "$@" >/dev/null 2>/dev/null; } 2>&1 | tail -1)
    awk '{ printf "%.2f s processor, %.2f s wall, %d MiB", $1 + $2, $3, $4 / 1024 }' <<<"$out"
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
