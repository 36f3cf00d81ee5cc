#!/usr/bin/env bash
# Puts the program in place: the one that is named, else a released one whose checksum is verified, else one that is built
# from the action's own source. Sets the output `program`.
#
# Environment: LAUNCHLINT_PROGRAM (a program that is there already), WANTED (a release, or empty), ACTION_REF,
# ACTION_REPOSITORY, SERVER, GH_TOKEN, GITHUB_ACTION_PATH, RUNNER_TEMP, RUNNER_OS, RUNNER_ARCH, GITHUB_OUTPUT.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }

use() {
    "$1" --version >&2
    printf 'program=%s\n' "$1" >> "$GITHUB_OUTPUT"
    exit 0
}

if [ -n "${LAUNCHLINT_PROGRAM:-}" ]; then
    use "$LAUNCHLINT_PROGRAM"
fi

# A tag such as v1.2.3; a branch or commit has no release of its own.
release="${WANTED:-}"
if [ -z "$release" ] && [[ "${ACTION_REF:-}" =~ ^v[0-9]+\.[0-9]+\.[0-9]+ ]]; then
    release="$ACTION_REF"
fi
if [ -n "$release" ] && [[ ! "$release" =~ ^v?[0-9]+\.[0-9]+\.[0-9]+([-+.][0-9A-Za-z.-]+)?$ ]]; then
    say "launchlint: \`version\` must look like 1.2.3"
    exit 2
fi

target() {
    case "${RUNNER_OS:-}-${RUNNER_ARCH:-}" in
        Linux-X64) echo x86_64-unknown-linux-musl ;;
        Linux-ARM64) echo aarch64-unknown-linux-musl ;;
        macOS-X64) echo x86_64-apple-darwin ;;
        macOS-ARM64) echo aarch64-apple-darwin ;;
        Windows-X64) echo x86_64-pc-windows-msvc ;;
        *) return 1 ;;
    esac
}

verify() {
    if command -v sha256sum >/dev/null; then sha256sum --check --strict "$1"; else shasum -a 256 --check "$1"; fi
}

download() {
    local name archive from
    name="launchlint-$(target)" || return 1
    archive="$name.tar.gz"
    from="${SERVER:-https://github.com}/${ACTION_REPOSITORY:?}/releases/download/v${release#v}"
    local -a fetch=(curl --fail --silent --show-error --location --proto '=https' --retry 3)
    mkdir -p "$RUNNER_TEMP/launchlint"
    cd "$RUNNER_TEMP/launchlint"
    "${fetch[@]}" --output "$archive" "$from/$archive" || return 1
    "${fetch[@]}" --output SHA256SUMS "$from/SHA256SUMS"
    # Only the line of this archive, and it must be there.
    awk -v file="$archive" '$2 == file || $2 == "*" file' SHA256SUMS > checksum
    if [ ! -s checksum ]; then
        say "launchlint: the release has no checksum of $archive"
        exit 2
    fi
    verify checksum >&2 || { say "launchlint: the checksum of $archive is wrong"; exit 2; }
    tar -xzf "$archive"
}

if [ -n "$release" ]; then
    if download; then
        use "$RUNNER_TEMP/launchlint/launchlint"
    fi
    say "launchlint: there is no release ${release} for this system; building from source"
fi
if ! command -v cargo >/dev/null; then
    say "launchlint: building from source needs Rust; install it in an earlier step, or set \`version\` to a release"
    exit 2
fi
cargo install --quiet --locked --path "$GITHUB_ACTION_PATH" --root "$RUNNER_TEMP/launchlint"
use "$RUNNER_TEMP/launchlint/bin/launchlint"
