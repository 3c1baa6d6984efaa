#!/bin/sh
# Plays `python3` for the tests of the installer. FAKE_PIP chooses how pip behaves, FAKE_LOG receives its arguments.
PATH=/bin:/usr/bin

answer() {
  case "$1" in
    *platform*) echo "${FAKE_VERSION:-3.11.7} $0" ;;
    *find_spec*) echo "${FAKE_TORCH:-}" ;;
    *'import pip'*) [ "$FAKE_PIP" = none ] && exit 1; echo 24.0 ;;
  esac
}

torch() {
  mkdir -p "$1/torch/lib" "$1/torch/include" "$1/torch/nn" "$1/torchgen" "$1/bin" "$1/torch-2.15.0.dist-info"
  printf "__version__ = '2.15.0+cu132'\ncuda: Optional[str] = '13.2'\n" >"$1/torch/version.py"
  for name in c10 torch_cpu gomp torch_cuda c10_cuda torch_python; do
    echo code >"$1/torch/lib/lib$name.so"
    echo code >"$1/torch/lib/lib$name.dylib"
  done
  echo text >"$1/torch/nn/module.py"
  cat >"$1/torch-2.15.0.dist-info/METADATA" <<END
Name: torch
Requires-Dist: sympy>=1.13.3
Requires-Dist: cuda-toolkit[cublas,cudart,cupti]==13.2.2; platform_system == "Linux"
END
}

tensorflow() {
  mkdir -p "$1/tensorflow/include/tensorflow/c" "$1/tensorflow/python" "$1/bin" "$1/tensorflow_cpu-2.21.0.dist-info"
  for name in libtensorflow_cc.so.2 libtensorflow_framework.so.2 THIRD_PARTY_NOTICES.txt include/tensorflow/c/c_api.h; do
    echo code >"$1/tensorflow/$name"
  done
}

cuda() {
  mkdir -p "$1/nvidia/cu13/lib" "$1/nvidia/cu13/include"
  for name in libcudart.so.13 libcupti.so.13 libnvperf_host.so; do echo code >"$1/nvidia/cu13/lib/$name"; done
}

[ "$1" = -c ] && { answer "$2"; exit; }

# python3 -m pip install --target FOLDER …
target=$5
echo "$*" >>"$FAKE_LOG"
mkdir -p "$target"
case "$FAKE_PIP" in
  network)
    echo "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)': /simple/torch/" >&2
    echo "ERROR: Could not find a version that satisfies the requirement torch (from versions: none)" >&2
    echo "ERROR: No matching distribution found for torch" >&2
    exit 1 ;;
  slow)
    echo "  Downloading torch-2.15.0-cp311-cp311-linux_x86_64.whl (539.1 MB)"
    exec sleep 60 ;;
  unknown) echo "ERROR: something new" >&2; exit 2 ;;
esac
case "$*" in
  *torch[=\>]*) torch "$target" ;;
  *tensorflow-cpu[=\>]*) tensorflow "$target" ;;
  *) cuda "$target" ;;
esac
