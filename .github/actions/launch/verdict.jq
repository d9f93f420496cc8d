# Why a thread did not come to what was asked for; nothing where it did.
[.events[] | select(.data.run_id? and .data.status? and (.type | endswith("_result")))] as $results
| [.events[] | select(.type == "approval_denied" or .type == "approval_expired" or (.type | IN($results[].type)))][-1] as $last
| [$results | group_by([.data.service, .data.environment])[] | .[-1] | select(.data.status != "success")] as $failed
| if .status != "done" then "it is \(.status)"
  elif ($failed | length) > 0 then "\($failed[0].data.service) \($failed[0].data.tag) on \($failed[0].data.environment): \($failed[0].data.status)"
  elif $last.type == "approval_denied" then "it was denied"
  elif $last.type == "approval_expired" then "nobody approved it in time"
  elif ($results | length) == 0 and .events[-1].type != "nothing_to_do" then "nothing was deployed"
  else empty end
