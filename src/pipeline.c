/* pipeline.c - source, message, guard, classify, decide, act, record: in that order. Read this first. */
#include "config.h"

#include <glib.h>
