package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// startHeap is the heap size up to which nothing is collected: most runs end
// before they have used as much, and collecting is a third of their time.
const startHeap = 128 << 20

// room is how much garbage may gather between two collections of a heap that is
// larger, in bytes.
const room = 256 << 20

// tune sets the garbage collector up for a short run: off until the heap
// reaches startHeap; from then on garbage has about as much room whatever the
// size of what is kept, so that a small run is quick and a large one does not
// take three times the memory it needs. GOGC and GOMEMLIMIT win. The returned
// function restores what was set before.
func tune(env func(string) string) (restore func()) {
	if env("GOGC") != "" || env("GOMEMLIMIT") != "" {
		return func() {}
	}
	percent := debug.SetGCPercent(-1)
	limit := debug.SetMemoryLimit(startHeap)
	var done atomic.Bool
	watch(&done)
	return func() {
		done.Store(true)
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
	}
}

// watch adapts the collector after the next collection, which finds the
// sentinel unreachable, and after every one that follows.
func watch(done *atomic.Bool) {
	sentinel := new([16]byte)
	runtime.AddCleanup(sentinel, func(done *atomic.Bool) {
		if done.Load() {
			return
		}
		debug.SetGCPercent(percentFor(liveHeap()))
		debug.SetMemoryLimit(math.MaxInt64)
		watch(done)
	}, done)
}

// percentFor is GOGC for a heap of which live bytes are in use.
func percentFor(live uint64) int {
	return int(min(max(100*room/max(live, 1), 40), 200)) //nolint:gosec // between 40 and 200
}

// liveHeap is what the last collection left, in bytes.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return sample[0].Value.Uint64()
}
