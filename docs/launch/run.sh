#!/usr/bin/env bash
# Pretrains on the hosts of the file "hostfile" beside this script (docs/launch/several-hosts.md).
# Use: DATA=imagenet:/data/imagenet ./run.sh [more flags of simclr pretrain]
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
data=${DATA:?name the dataset, e.g. DATA=imagenet:/data/imagenet}
run=${RUN:-runs/imagenet}
hosts=${HOSTS:-$here/hostfile}
# All slots of all hosts, unless RANKS says otherwise.
ranks=${RANKS:-$(awk '/slots=/ { sub(/.*slots=/, ""); total += $1 } END { print total + 0 }' <(grep -v '^ *#' "$hosts"))}

# A run that was begun is continued; without a checkpoint, --resume begins one.
exec mpirun -n "$ranks" --hostfile "$hosts" --bind-to none --mca odls_base_sigkill_timeout 60 \
  simclr pretrain --preset imagenet --data "$data" --out "$run" --resume --distributed mpi "$@"
