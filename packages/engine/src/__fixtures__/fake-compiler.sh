#!/bin/sh
# Plays `g++` for the tests of the installer. FAKE_COMPILER chooses how it behaves, FAKE_LOG receives its arguments.
PATH=/bin:/usr/bin

[ "$1" = --version ] && exit

echo "$*" >>"$FAKE_LOG"
case "$FAKE_COMPILER" in
  error)
    echo "tfjs_backend.cc:42:7: error: 'TF_Thing' was not declared in this scope" >&2
    exit 1 ;;
  slow) exec sleep 60 ;;
esac
while [ "$1" != -o ]; do shift; done
echo code >"$2"
