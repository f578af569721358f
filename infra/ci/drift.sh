#!/usr/bin/env bash
# Tells which stacks differ from what is there: exit 1 if any does, or can't be planned. Changes nothing.
# Usage: infra/ci/drift.sh [PATTERN…]     reads with the credentials of the planner; PARALLEL=8 plans at a time
set -euo pipefail

export ARTIFACTS_STACKS=$(IFS=,; echo "$*") TF_IN_AUTOMATION=1 CHECKPOINT_DISABLE=1
terraform=${TERRAFORM_BINARY_NAME:-terraform}
cd "$(git rev-parse --show-toplevel)"
node bin/build.cjs
CDKTF_CONTEXT_JSON=$(node -p 'JSON.stringify(require("./cdktf.json").context ?? {})') node dist/main.js

plan() {
  cd "cdktf.out/stacks/$1"
  "$2" init -input=false -no-color >plan.log 2>&1 && code=0 || code=1
  if [ "$code" = 0 ]; then
    "$2" plan -input=false -no-color -lock=false -detailed-exitcode -parallelism=50 >plan.log 2>&1 || code=$?
  fi
  case $code in
    0) echo "same     $1" ;;
    2) echo "DIFFERS  $1: $(grep -E '^Plan:' plan.log || echo 'see plan.log')" ;;
    *) echo "FAILED   $1: $(grep -m 1 -E 'Error:' plan.log || echo 'see plan.log')" ;;
  esac
  [ "$code" = 0 ]
}
export -f plan
find cdktf.out/stacks -mindepth 1 -maxdepth 1 -printf '%f\n' | sort |
  xargs -P "${PARALLEL:-8}" -I{} bash -c 'plan "$1" "$2"' _ {} "$terraform" || exit 1
