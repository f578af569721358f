#!/usr/bin/env bash
# Plans the stacks that the inputs of another checkout change, with the code of this one and the credentials of the job.
# Usage: infra/ci/plan-change.sh FOLDER     the folder holds the changed inputs; nothing in it is run
set -euo pipefail

change=$(cd "${1:?usage: plan-change.sh FOLDER}" && pwd)
terraform=${TERRAFORM_BINARY_NAME:-terraform}
export TF_IN_AUTOMATION=1 CHECKPOINT_DISABLE=1
cd "$(git rev-parse --show-toplevel)"
before=$(mktemp -d)
trap 'rm -rf "$before"' EXIT
node bin/build.cjs
CDKTF_CONTEXT_JSON=$(node -p 'JSON.stringify(require("./cdktf.json").context ?? {})')
export CDKTF_CONTEXT_JSON

# A manifest with mistakes is planned as what it is, a stack that fails, and holds up no other. Lines stay errors below.
ARTIFACTS_BAD_LINES=continue ARTIFACTS_ROOT=$PWD CDKTF_OUTDIR=$before node dist/main.js
ARTIFACTS_BAD_LINES=continue ARTIFACTS_ROOT=$change node dist/main.js
status=0
for stack in $(node bin/artifacts.cjs stacks --names "$before" cdktf.out); do
  echo "== $stack"
  { "$terraform" "-chdir=cdktf.out/stacks/$stack" init -input=false -no-color >/dev/null &&
    "$terraform" "-chdir=cdktf.out/stacks/$stack" plan -input=false -no-color -lock=false -parallelism=50; } || status=1
done
exit "$status"
