# Reads the events of Swift tests. Prints "SECONDS NAME" for each case of a test.
# Not for each test: all cases of a test with arguments begin at once, and wait for their turn.

def name: "\(.testID | sub("/[^/]*\\.swift:[0-9:]+$"; "")) \(._testCase.displayName // "")" | gsub("\\s+"; " ") | .[:110];

reduce (inputs | select(.kind == "event") | .payload) as $event ({began: {}, times: []};
  ($event | "\(.testID) \(._testCase.id // "")") as $case
  | if $event.kind == "testCaseStarted" then .began[$case] = $event.instant.absolute
    elif $event.kind == "testCaseEnded" and .began[$case] then
      .times += [{name: ($event | name), seconds: ($event.instant.absolute - .began[$case])}]
    else . end)
| .times[] | "\(.seconds * 100 | round / 100) \(.name)"
