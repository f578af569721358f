#!/usr/bin/env bash
# Applies what was merged: the stacks that differ from those of an earlier revision, and no others.
# Usage: infra/ci/deploy.sh [--dry-run] BEFORE_REVISION [PATTERN…]
# A pattern is a stack's name in which * stands for anything. Runs with the credentials of the job.
set -euo pipefail

dry_run=false
if [ "${1:-}" = --dry-run ]; then
  dry_run=true
  shift
fi
# A bad line of a manifest holds up none of the good ones; the deploy fails all the same.
export ARTIFACTS_BAD_LINES=continue
export CHECKPOINT_DISABLE=1
before=${1:?usage: deploy.sh [--dry-run] BEFORE_REVISION [PATTERN…]}
shift
export ARTIFACTS_STACKS=$(IFS=,; echo "$*")
here=$(git rev-parse --show-toplevel)
before=$(git -C "$here" rev-parse --verify --end-of-options "$before^{commit}")
work=$(mktemp -d)

clean_up() {
  git -C "$here" worktree remove --force "$work/checkout" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap clean_up EXIT
# A deploy that is told to stop ends in order; only then this does, and begins no other.
trap 'exit 130' INT
trap 'exit 143' TERM

# Each revision with its own engine: what a new engine changes is deployed like any other change.
synthesize() {
  cd "$1"
  node bin/build.cjs
  CDKTF_CONTEXT_JSON=$(node -p 'JSON.stringify(require("./cdktf.json").context ?? {})') CDKTF_OUTDIR=$2 \
    node dist/main.js 2>"$work/messages"
}
git -C "$here" worktree add --quiet --detach "$work/checkout" "$before"
ln -s "$here/node_modules" "$work/checkout/node_modules"
if ! (synthesize "$work/checkout" "$work/before"); then
  echo "The stacks of $before can't be made with the tools of today: every stack is looked at."
  rm -rf "$work/before"
  mkdir -p "$work/before/stacks"
fi
if ! (synthesize "$here" "$work/after"); then
  cat "$work/messages" >&2
  exit 1
fi

cd "$here"
mapfile -t stacks < <(node bin/artifacts.cjs stacks --names "$work/before" "$work/after")
if [ "${#stacks[@]}" -eq 0 ]; then
  echo "Nothing to deploy."
  exit 0
fi
printf 'To deploy: %s\n' "${stacks[@]}"
if $dry_run; then exit 0; fi

# What others need first. A kind of stacks in which one failed holds up no other: what misses something says so itself.
status=0
for kind in groups serving 'staging-*' 'promote-*'; do
  wave=()
  for stack in "${stacks[@]}"; do
    # shellcheck disable=SC2053  # the kind is a pattern
    if [[ $stack == $kind ]]; then wave+=("$stack"); fi
  done
  if [ "${#wave[@]}" -gt 0 ]; then
    npx cdktf deploy "${wave[@]}" --auto-approve --terraform-parallelism 50 || status=1
  fi
done
exit "$status"
