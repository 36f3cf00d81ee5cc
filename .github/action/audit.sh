#!/usr/bin/env bash
# Audits, and leaves annotations, the job's summary, SARIF and outputs behind. Never fails by findings: the gate does that, so
# that the upload comes first.
#
# Environment: LAUNCHLINT (the program), INPUT_* (the action's inputs), BASE_REF (the base of a pull request, or empty),
# GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, RUNNER_TEMP.
set -euo pipefail

cd "${INPUT_DIRECTORY:-.}"
report="$RUNNER_TEMP/launchlint-report.json"
summary="$RUNNER_TEMP/launchlint-summary.md"
notes="$RUNNER_TEMP/launchlint-annotations.txt"
sarif="${INPUT_SARIF_FILE:-launchlint.sarif}"

arguments=(scan --no-progress --color never)
base=""
case "${INPUT_DIFF:-}" in
    auto) if [ -n "${BASE_REF:-}" ]; then base="origin/$BASE_REF"; fi ;;
    *) base="${INPUT_DIFF:-}" ;;
esac
# Code scanning compares with the base itself, and would take what is absent for fixed.
if [ -n "$base" ]; then arguments+=("--diff=$base" --whole-sarif); fi
trusted=""
case "${INPUT_TRUSTED_CONFIG:-}" in
    auto) if [ -n "${BASE_REF:-}" ]; then trusted="origin/$BASE_REF"; fi ;;
    *) trusted="${INPUT_TRUSTED_CONFIG:-}" ;;
esac
if [ -n "$trusted" ]; then arguments+=("--trusted-config=$trusted"); fi
if [ "${INPUT_STRICT:-false}" = true ]; then arguments+=(--strict); fi
if [ -n "${INPUT_CONFIG:-}" ]; then arguments+=("--config=$INPUT_CONFIG"); fi
if [ -n "${INPUT_BASELINE:-}" ]; then arguments+=("--baseline=$INPUT_BASELINE"); fi
if [ -n "${INPUT_MIN_SEVERITY:-}" ]; then arguments+=("--min-severity=$INPUT_MIN_SEVERITY"); fi
if [ -n "${INPUT_CATEGORY:-}" ]; then arguments+=("--category=$INPUT_CATEGORY"); fi
arguments+=(
    "--fail-on=${INPUT_FAIL_ON:-low}"
    --also "json=$report"
    --also "sarif=$sarif"
    --also "markdown=$summary"
    --also "github=$notes"
)
# Paths are split at white space, and patterns in them mean nothing.
set -f
# shellcheck disable=SC2206
paths=(${INPUT_PATHS:-.})
set +f
arguments+=(-- "${paths[@]}")

code=0
log="$RUNNER_TEMP/launchlint-log.txt"
"$LAUNCHLINT" "${arguments[@]}" > "$log" || code=$?
# Text of the audited repository must not be taken for a command of the runner.
guard="launchlint-$RANDOM$RANDOM$RANDOM"
printf '::stop-commands::%s\n' "$guard"
cat "$log"
printf '::%s::\n' "$guard"

if [ "$code" -ge 2 ]; then
    printf 'exit-code=%s\n' "$code" >> "$GITHUB_OUTPUT"
    printf '::error title=launchlint::the audit could not be done; see the log\n'
    exit 0
fi
if [ "${INPUT_ANNOTATIONS:-true}" = true ]; then cat "$notes"; fi
if [ "${INPUT_SUMMARY:-true}" = true ]; then cat "$summary" >> "$GITHUB_STEP_SUMMARY"; fi

# The report's own counts, one a line: `"high": 2`.
counts=$(sed -n '/"findings_by_severity": {/,/}/p' "$report")
findings=0
highest=""
for severity in critical high medium low note; do
    number=$(printf '%s\n' "$counts" | sed -n "s/.*\"$severity\": \([0-9]*\).*/\1/p")
    findings=$((findings + ${number:-0}))
    if [ -z "$highest" ] && [ "${number:-0}" -gt 0 ]; then highest="$severity"; fi
done
{
    printf 'exit-code=%s\n' "$code"
    printf 'sarif-file=%s\n' "$PWD/$sarif"
    printf 'report=%s\n' "$report"
    printf 'findings=%s\n' "$findings"
    printf 'highest=%s\n' "$highest"
} >> "$GITHUB_OUTPUT"
