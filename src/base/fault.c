/* fault.c - the hook of fault.h; NULL but in the fault-injection tests. */
#include "config.h"

#include <stddef.h>

#include "aardig/fault.h"

FaultHook fault_hook = NULL;
