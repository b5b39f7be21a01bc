# shellcheck shell=bash
# What the parts are versions of; the rest stands in the go.mod files.
export CILIUM=1.20.2
# The release of RKE2 that we stand in for: its Kubernetes is ours. Its chart would be 1.19.601; ours is 1.20.200.
export RKE2=v1.36.3+rke2r1
export CILIUM_CHART=1.20.200
# Every image that is made here; no registry knows it.
export IMAGES=rke2-lab.invalid
# Go programs without libc run in any image.
export CGO_ENABLED=0 GOFLAGS=-buildvcs=false
