# shellcheck shell=sh disable=SC2034 # $bin is for the caller

# scripts/lib/build.sh: The programs, in release form, with Swift's own libraries in them.

# build_programs: leaves the folder that holds them in $bin. ADMIRROR_BIN_DIR names one with programs that are built already.
build_programs() {
  bin="${ADMIRROR_BIN_DIR:-}"
  [ -z "$bin" ] || return 0
  command -v swift >/dev/null ||
    fail 69 "there is no Swift toolchain: install Swift 6.1 or later from https://www.swift.org/install and put it on PATH"
  step "Building"
  swift build -c release --static-swift-stdlib ||
    fail 1 "the build failed; what the compiler says stands above"
  bin="$PWD/.build/release"
}
