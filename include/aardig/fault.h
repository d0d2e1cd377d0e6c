/* fault.h - named boundaries between steps where a crash must do no harm.
 *
 * In the installed program a fault point costs one test of a pointer. The test program
 * tests/aardig-faults sets the hook and ends the process (SIGKILL) at the N-th boundary. */
#ifndef AARDIG_FAULT_H
#define AARDIG_FAULT_H

typedef void (*FaultHook)(const char *step);
extern FaultHook fault_hook;

#define fault_point(step) do { if (fault_hook != NULL) fault_hook(step); } while (0)

#endif
