# What the actions share: a job's OIDC token, and requests that are tried again. Sourced, not run.
# Needs curl and jq, which GitHub's runners have. DEPLOYBOT_URL says where deploybot is.

readonly TRIES="${DEPLOYBOT_TRIES:-5}"
readonly FIRST_PAUSE="${DEPLOYBOT_PAUSE_SECONDS:-2}"

WORK="$(mktemp -d)"
CHILD=""
STATUS=""

# Newlines would end the command, and what follows them could be another one.
escaped() {
  local text="${1//'%'/%25}"
  text="${text//$'\r'/%0D}"
  printf '%s' "${text//$'\n'/%0A}"
}

die() {
  printf '::error::%s\n' "$(escaped "$1")"
  exit 1
}

clean_up() {
  [[ -z "$CHILD" ]] || kill "$CHILD" 2>/dev/null || true
  rm -rf "$WORK"
}
trap clean_up EXIT

# Runs behind us while we wait: bash hears a signal only between two commands, and a runner that cancels a job does not wait for long.
await() {
  "$@" &
  CHILD=$!
  local code=0
  wait "$CHILD" || code=$?
  CHILD=""
  return "$code"
}

pause() {
  await sleep "$1"
}

# One request. STATUS is then its status, 000 where there was no answer, and "$WORK/body" what came. The token goes by a file, as others
# on a shared runner may see our arguments.
request() {
  local method="$1" url="$2" token="$3"
  shift 3
  : >"$WORK/body"
  printf 'authorization: bearer %s\n' "$token" >"$WORK/token"
  await send "$method" "$url" "$@" || true
  rm -f "$WORK/token"
  STATUS="$(cat "$WORK/status")"
}

send() {
  local method="$1" url="$2"
  shift 2
  curl --silent --show-error --connect-timeout 5 --max-time 30 --max-filesize 20000000 --request "$method" \
    --header "@$WORK/token" --header 'accept: application/json' "$@" \
    --output "$WORK/body" --write-out '%{http_code}' "$url" >"$WORK/status" 2>"$WORK/trouble"
}

# Whether the same request may work later.
may_pass() {
  [[ "$STATUS" == 000 || "$STATUS" == 429 || "$STATUS" == 5* ]]
}

# What went wrong, in one line and in the server's words where it has some.
trouble() {
  if [[ "$STATUS" == 000 ]]; then
    printf 'no answer %s' "$(one_line "$(cat "$WORK/trouble")")"
  else
    one_line "$(jq -r '"\(.code): \(.detail)"' "$WORK/body" 2>/dev/null || printf 'status %s' "$STATUS")"
  fi
}

one_line() {
  printf '%s' "${1:0:1000}" | tr '\r\n' '  '
}

# A token of this job for deploybot, in TOKEN. Each is good for some minutes.
new_token() {
  if [[ -z "${ACTIONS_ID_TOKEN_REQUEST_URL:-}" || -z "${ACTIONS_ID_TOKEN_REQUEST_TOKEN:-}" ]]; then
    die 'this job may not ask GitHub for a token; it needs "permissions: id-token: write"'
  fi
  local audience
  audience="$(jq -rn --arg url "$DEPLOYBOT_URL" '$url | @uri')"
  request GET "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=$audience" "$ACTIONS_ID_TOKEN_REQUEST_TOKEN"
  if [[ "$STATUS" != 200 ]]; then
    may_pass || die "GitHub gives this job no token (status $STATUS)"
    return 1
  fi
  # Not as our caller would take it: deploybot has said nothing yet.
  STATUS=000
  TOKEN="$(jq -er '.value | strings' "$WORK/body")" || return 1
  printf '::add-mask::%s\n' "$TOKEN"
}

# A request to deploybot with a new token each time, tried again a few times where that can help.
call() {
  local method="$1" path="$2" try rest="$FIRST_PAUSE"
  shift 2
  for ((try = 1; ; try++)); do
    if new_token; then request "$method" "$DEPLOYBOT_URL$path" "$TOKEN" "$@"; fi
    may_pass || return 0
    ((try < TRIES)) || return 0
    echo "Try $try of $TRIES: $(trouble). Again in $rest s."
    pause "$rest"
    rest="$((rest * 2))"
  done
}

check_url() {
  DEPLOYBOT_URL="${DEPLOYBOT_URL%/}"
  [[ "$DEPLOYBOT_URL" =~ ^https?://[^[:space:]]+$ ]] || die "url has to be deploybot's address (its PUBLIC_URL)"
}

# Appends NAME=VALUE; a value of several lines would set other outputs.
output() {
  printf '%s=%s\n' "$1" "$(one_line "$2")" >>"$GITHUB_OUTPUT"
}
