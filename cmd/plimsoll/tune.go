package main

import (
	"math"
	"runtime"
	"runtime/debug"
)

// startHeap is the heap size up to which nothing is collected: most runs end
// before they have used as much, and collecting is a third of their time.
const startHeap = 128 << 20

// tune sets the garbage collector up for a short run: off until the heap
// reaches startHeap, then at half the default's frequency without a limit, so
// that a large input is not slowed down by one. GOGC and GOMEMLIMIT win. The
// returned function restores what was set before.
func tune(env func(string) string) (restore func()) {
	if env("GOGC") != "" || env("GOMEMLIMIT") != "" {
		return func() {}
	}
	percent := debug.SetGCPercent(-1)
	limit := debug.SetMemoryLimit(startHeap)
	// The first collection finds the sentinel unreachable.
	sentinel := new([16]byte)
	cleanup := runtime.AddCleanup(sentinel, func(percent int) {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(math.MaxInt64)
	}, 200)
	return func() {
		cleanup.Stop()
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}
