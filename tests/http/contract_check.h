/* Is a reply one that schema/openapi.yaml allows? A checker of the part of JSON Schema that the file uses: $ref, type,
 * enum, required, properties, additionalProperties: false, items, oneOf, minimum, maximum. */
#pragma once

#include "tests/http/client.h"

/* NULL when it is; else why not, owned. `path` without its query. Paths outside the contract are the web pages; a path
 * of the API that is not in it may only be answered with a problem. */
char *contract_check(const char *method, const char *path, const Reply *reply);

/* "GET /api/v1/queue" and so on: every operation of the contract. Owned. */
GPtrArray *contract_operations(void);
