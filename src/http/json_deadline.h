/* Deadlines as JSON, in the shape of schema/openapi.yaml. */
#pragma once

#include <jansson.h>

#include "src/domain/deadlines.h"

/* A new array of KcDeadline *; the argument is borrowed. */
json_t *kc_json_deadlines(const GPtrArray *deadlines);
