/* bench.h - what the benchmarks share: the same random numbers every time, and the processor's time. */
#ifndef AARDIG_TESTS_BENCH_H
#define AARDIG_TESTS_BENCH_H

#include <glib.h>
#include <time.h>

/* xorshift, from a fixed seed. */
static inline guint
random_below(guint n)
{
	static guint64 state = 88172645463325252u;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (guint)((state >> 33) % n);
}

/* Of the processor, so that what else the machine does matters less. */
static inline gint64
cpu_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

#endif
