# A thread as the summary of a job, in markdown.
def plain: tostring | .[0:200] | gsub("[[:cntrl:]]"; " ") | gsub("(?<c>[\\\\`*_{}\\[\\]<>()#+!|~@$&-])"; "\\\(.c)");
def who: if .kind == "person" or .kind == "caller" then .id else .kind end;
def link($text): if test("^https?://[^ <>()\\[\\]|]+$") then "[\($text)](\(.))" else $text end;

. as $thread
| ([.events[] | select(.type == "approval_requested" or .type == "approval_waived")]) as $asked
| def decided($asked):
    if $asked.type == "approval_waived" then "policy asks nobody"
    else [$thread.events[] | select(.type == "approval_given" and .data.to == $asked.seq) | .actor | who | plain]
      | if length > 0 then "approved by \(join(", "))"
        else ([$thread.events[] | select(.data.to? == $asked.seq and (.type | test("^approval_(denied|expired|superseded)$")))][-1]
          | if . == null then "waits for \([$asked.data.approvers[] | plain] | join(", "))"
            elif .type == "approval_denied" then "denied by \(.actor | who | plain)"
            else .type | ltrimstr("approval_") end)
        end
    end;
  def came($asked; $until):
    [$thread.events[] | select(.seq > $asked.seq and .seq < $until and .data.run_id? and .data.status? and (.type | endswith("_result")))][0]
    | if . == null then "" else .data as $data | (.data.html_url // "" | link($data.status | plain)) end;
  "### Deploybot: \(.title | plain)",
  "",
  "**\(.status | plain)** · \($url | link("thread"))",
  (if ($asked | length) == 0 then empty else
    "", "| what | commit | where | decided | result |", "|---|---|---|---|---|",
    (range($asked | length) | . as $i | $asked[$i] as $one
      | ($asked[$i + 1].seq // 1e9) as $until
      | "| \($one.data.service | plain) \($one.data.tag | plain) | `\($one.data.sha[0:7] | gsub("[^0-9a-f]"; ""))` | \($one.data.environment | plain) | \(decided($one)) | \(came($one; $until)) |")
  end),
  ""
