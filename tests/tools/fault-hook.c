/* fault-hook.c - linked with the whole of aardig as tests/tools/aardig-faults: ends the process at one
 * boundary between steps.
 *
 * AARDIG_FAULT_AT=N      SIGKILL at the N-th boundary this process (or a worker of it) meets
 * AARDIG_FAULT_SIGNAL=S  that signal instead
 * AARDIG_FAULT_HANG=1    no signal: it goes no further
 * AARDIG_FAULT_MARK=FILE only if FILE does not exist yet; it is made first, so that it happens once
 * AARDIG_FAULT_LOG=FILE  append the name of every boundary met, so that the test knows how many there are
 * AARDIG_FAULT_RANDOM=P  SIGKILL at each boundary with a chance of P in 1000
 * AARDIG_FAULT_STEP=TEXT SIGKILL at every boundary whose name ends so ("pipeline.parse.REF": a mail that kills)
 * AARDIG_FAULT_TIME=FILE the clock is as many seconds ahead as FILE says, read at every boundary
 * AARDIG_FAULT_CLOCK=S   the clock is S seconds ahead (negative: behind) */
#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "aardig/clock.h"
#include "aardig/fault.h"

static long at, chance, met, hang;
static int log_fd = -1;
static const char *mark, *poison, *time_file;
static int fault_signal = SIGKILL;

/* A restarted worker is to get through. */
static int
first_time(void)
{
	int fd;

	if (mark == NULL)
		return 1;
	fd = open(mark, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int
is_poison(const char *step)
{
	size_t have = strlen(step), wanted = poison != NULL ? strlen(poison) : 0;

	return wanted > 0 && have >= wanted && strcmp(step + have - wanted, poison) == 0;
}

static void
read_time(void)
{
	char text[32] = "";
	int fd = open(time_file, O_RDONLY | O_CLOEXEC);

	if (fd >= 0 && read(fd, text, sizeof text - 1) > 0)
		clock_shift(strtol(text, NULL, 10));
	if (fd >= 0)
		close(fd);
}

static void
hook(const char *step)
{
	if (time_file != NULL)
		read_time();
	met++;
	if (log_fd >= 0 && (write(log_fd, step, strlen(step)) < 0 || write(log_fd, "\n", 1) < 0))
		abort();
	if (((at > 0 && met == at) || (chance > 0 && random() % 1000 < chance) || is_poison(step)) && first_time()) {
		while (hang > 0)
			pause();
		kill(getpid(), fault_signal);
	}
}

static long
number(const char *name)
{
	const char *text = getenv(name);

	return text != NULL ? strtol(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void
set_hook(void)
{
	const char *log = getenv("AARDIG_FAULT_LOG");

	mark = getenv("AARDIG_FAULT_MARK");
	poison = getenv("AARDIG_FAULT_STEP");
	time_file = getenv("AARDIG_FAULT_TIME");
	at = number("AARDIG_FAULT_AT");
	chance = number("AARDIG_FAULT_RANDOM");
	hang = number("AARDIG_FAULT_HANG");
	if (number("AARDIG_FAULT_SIGNAL") > 0)
		fault_signal = (int) number("AARDIG_FAULT_SIGNAL");
	clock_shift(number("AARDIG_FAULT_CLOCK"));
	srandom((unsigned) getpid());
	if (log != NULL)
		log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	fault_hook = hook;
}
