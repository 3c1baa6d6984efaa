#!/bin/sh
# Plays `nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader`.
echo 'NVIDIA H100 80GB HBM3, 570.86.15, 81559 MiB'
