# shellcheck shell=sh disable=SC2034,SC2119,SC2120 # $bin is for the caller; arguments may be absent

# scripts/lib/build.sh: The programs, in release form, with Swift's own libraries in them.

# build_programs: sets $bin to the folder of the programs. ADMIRROR_BIN_DIR names a folder with programs that are
# already built.
build_programs() {
  bin="${ADMIRROR_BIN_DIR:-}"
  [ -z "$bin" ] || return 0
  command -v swift >/dev/null ||
    fail 69 "there is no Swift toolchain: install Swift 6.1 or later from https://www.swift.org/install and put it on PATH"
  step "Building"
  build_release || fail 1 "the build failed; the compiler's errors are above"
  bin="$PWD/.build/release"
}

# build_release ARGUMENT…: builds as for a release. Returns the exit code of `swift build`.
build_release() {
  {
    build_code="$({
      {
        code=0
        swift build -c release --static-swift-stdlib "$@" 2>&1 || code=$?
        echo "$code" >&3
      } | show_build >&4
    } 3>&1)"
  } 4>&1
  return "$build_code"
}

# show_build: prints what a build prints, the progress on a terminal in one line. Leaves out the linker's warnings about the
# toolchain's own libraries, which cannot be changed here.
show_build() {
  while IFS= read -r line; do
    case "$line" in
      */lib/swift_static/*": warning: "*) ;;
      '['[0-9]*/[0-9]*']'*)
        if [ -t 1 ]; then printf '\r\033[K%.79s' "$line"; else printf '%s\n' "$line"; fi
        ;;
      *)
        [ ! -t 1 ] || printf '\r\033[K'
        printf '%s\n' "$line"
        ;;
    esac
  done
}
