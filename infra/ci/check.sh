#!/usr/bin/env bash
# What a pull request is told: the engine of the base branch reads the inputs of the pull request, with no credentials.
# Usage: infra/ci/check.sh BASE_REVISION [REPORT.md]
set -euo pipefail

base=${1:?usage: check.sh BASE_REVISION [REPORT.md]}
report=${2:-}
change=$(git rev-parse --show-toplevel)
base=$(git -C "$change" rev-parse --verify --end-of-options "$base^{commit}")
work=$(mktemp -d)
engine=$work/engine

clean_up() {
  git -C "$change" worktree remove --force "$engine" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean_up EXIT

# Nothing that a pull request can steal: staging and production are read as anybody reads them.
unset GOOGLE_APPLICATION_CREDENTIALS GOOGLE_OAUTH_ACCESS_TOKEN GITHUB_TOKEN AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
export CLOUDSDK_CONFIG=$work/none NO_GCE_CHECK=true METADATA_SERVER_DETECTION=none

git -C "$change" worktree add --quiet --detach "$engine" "$base"
cd "$engine"
if [ -n "${ARTIFACTS_NODE_MODULES:-}" ]; then
  ln -s "$ARTIFACTS_NODE_MODULES" node_modules
else
  npm ci --ignore-scripts --no-audit --no-fund
fi
node bin/build.cjs

status=0
node bin/artifacts.cjs check --root "$change" --base "$base" ${report:+--markdown "$report"} || status=$?

synthesize() {
  CDKTF_CONTEXT_JSON=$(node -p 'JSON.stringify(require("./cdktf.json").context ?? {})') \
    ARTIFACTS_ROOT=$1 CDKTF_OUTDIR=$2 ARTIFACTS_BAD_LINES=continue node dist/main.js 2>"$work/messages"
}
echo
echo "Stacks that this change touches:"
if synthesize "$engine" "$work/before" && synthesize "$change" "$work/after"; then
  node bin/artifacts.cjs stacks "$work/before" "$work/after"
else
  tail -n 20 "$work/messages"
  status=1
fi
exit "$status"
