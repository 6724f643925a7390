-- What wrk sends, and what it prints at the end: one line of JSON, times in microseconds. The access token comes from a
-- file, so that it is in no command line.

wrk.headers["Accept-Encoding"] = "gzip"

local token_file = os.getenv("BENCH_TOKEN_FILE")
if token_file then
  wrk.headers["Authorization"] = "Bearer " .. io.open(token_file):read("*l")
end
wrk.headers["If-None-Match"] = os.getenv("BENCH_IF_NONE_MATCH")

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "duration": %d, "bytes": %d, "p50": %d, "p99": %d, "errors": %d}\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
