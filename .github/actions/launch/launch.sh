#!/usr/bin/env bash
# Asks deploybot in words, as this job, and waits for the end where asked to. Succeeds only if what was asked for was deployed.
set -euo pipefail
# shellcheck source=../common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

readonly POLL="${DEPLOYBOT_POLL_SECONDS:-5}"
# A token is good for five minutes at least.
readonly TOKEN_SECONDS="${DEPLOYBOT_TOKEN_SECONDS:-180}"
THREAD=""
LAST=""

main() {
  check_url
  [[ "${MESSAGE:-}" =~ [^[:space:]] ]] || die 'message has no words'
  [[ "${TIMEOUT:=3600}" =~ ^[1-9][0-9]{0,5}$ ]] || die 'timeout has to be a number of seconds'
  [[ "${WAIT:=false}" == true || "$WAIT" == false ]] || die 'wait has to be true or false'
  launch
  if [[ "$WAIT" == true ]]; then follow; fi
  tell
  if [[ "$WAIT" == true ]]; then judge; fi
}

launch() {
  ask >"$WORK/ask" || die 'context has to be a JSON object'
  # The same for each try of this step, and another for other words: deploybot takes it once.
  local key
  key="$GITHUB_RUN_ID-$GITHUB_RUN_ATTEMPT-$GITHUB_JOB-$(cksum <"$WORK/ask" | cut -d ' ' -f 1)"
  call POST /threads --header 'content-type: application/json' --header "idempotency-key: $key" --data-binary "@$WORK/ask"
  case "$STATUS" in
    201) keep ;;
    429 | 5* | 000) die "deploybot could not be asked: $(trouble)" ;;
    *) die "deploybot refuses: $(trouble)" ;;
  esac
  THREAD="$(jq -er .id "$WORK/thread")"
  output thread_id "$THREAD"
  output thread_url "$DEPLOYBOT_URL/threads/$THREAD"
  # Told from now on, also where this job is cancelled.
  trap 'stopped' INT TERM
  say_status
}

ask() {
  jq -n --arg message "$MESSAGE" --arg agent "${AGENT:-deploy}" --arg context "${CONTEXT:-}" '
    {$message, $agent} + if $context == "" then {} else {context: ($context | fromjson | objects)} end' 2>/dev/null | grep .
}

# Later answers may be errors: the newest that was a thread stays.
keep() {
  mv "$WORK/body" "$WORK/thread"
}

status() {
  jq -r .status "$WORK/thread"
}

say_status() {
  local now
  now="$(status)"
  [[ "$now" != "$LAST" ]] || return 0
  LAST="$now"
  output status "$now"
  echo "$now: $DEPLOYBOT_URL/threads/$THREAD"
}

ended() {
  [[ "$LAST" == done || "$LAST" == failed || "$LAST" == cancelled ]]
}

follow() {
  local renew=0
  TOKEN=""
  while ! ended; do
    ((SECONDS < TIMEOUT)) || late
    pause "$POLL"
    if [[ -z "$TOKEN" ]] || ((SECONDS >= renew)); then
      new_token || continue
      renew=$((SECONDS + TOKEN_SECONDS))
    fi
    request GET "$DEPLOYBOT_URL/threads/$THREAD" "$TOKEN"
    if [[ "$STATUS" == 200 ]]; then
      keep
      say_status
    elif [[ "$STATUS" == 401 ]]; then
      TOKEN=""
    elif ! may_pass; then
      die "deploybot no longer shows it: $(trouble)"
    fi
  done
}

late() {
  tell
  die "it is still $LAST after $TIMEOUT s, and goes on without this job: $DEPLOYBOT_URL/threads/$THREAD"
}

stopped() {
  trap - INT TERM
  [[ -z "$CHILD" ]] || kill "$CHILD" 2>/dev/null || true
  tell
  echo "::warning::This job no longer waits. What was asked for goes on without it: $DEPLOYBOT_URL/threads/$THREAD"
  exit 143
}

# What was decided by whom, and what came of it: the story of the thread as far as it is known here. Untrusted words become plain text.
tell() {
  jq -r --arg url "$DEPLOYBOT_URL/threads/$THREAD" -f "$(dirname "${BASH_SOURCE[0]}")/summary.jq" "$WORK/thread" \
    >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
}

judge() {
  local why
  why="$(jq -r -f "$(dirname "${BASH_SOURCE[0]}")/verdict.jq" "$WORK/thread")"
  [[ -z "$why" ]] || die "$why: $DEPLOYBOT_URL/threads/$THREAD"
}

main
