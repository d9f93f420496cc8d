#!/usr/bin/env bash
# Asks deploybot whether this run is the one for a dispatch, and fails where it is not. Nothing may have been touched before.
set -euo pipefail
# shellcheck source=../common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

check_url
[[ "${DISPATCH_ID:-}" =~ ^[0-9a-f-]{36}-[0-9]+$ ]] || die 'dispatch_id is none of deploybot'

call POST "/dispatches/$DISPATCH_ID/claim" --header 'content-type: application/json' --data '{}'
case "$STATUS" in
  200) ;;
  409) die "deploybot says stop: $(trouble)" ;;
  429 | 5* | 000) die "deploybot could not be asked, so nothing is deployed: $(trouble)" ;;
  *) die "deploybot does not let this run go on: $(trouble)" ;;
esac

# What this run was started with must be what was approved.
for name in service environment tag sha dispatch_id; do
  approved="$(jq -er --arg name "$name" '.[$name] | strings' "$WORK/body")" || die "deploybot's answer has no $name"
  variable="$(tr '[:lower:]' '[:upper:]' <<<"$name")"
  given="${!variable:-}"
  [[ -z "$given" || "$given" == "$approved" ]] || die "$name is $given; what was approved is $approved"
  output "$name" "$approved"
done

by="$(jq -r '.approved_by | join(", ")' "$WORK/body")"
thread="$(jq -r .thread_id "$WORK/body")"
output approved_by "$by"
output thread_url "$DEPLOYBOT_URL/threads/$thread"
one_line "$(jq -r --arg by "${by:-nobody, as policy asks nobody}" \
  '"This run is the one for \(.dispatch_id): \(.service) \(.tag) (\(.sha)) to \(.environment), approved by \($by)."' \
  "$WORK/body")"
echo
