/* A pause in signing as the API writes it. */
#pragma once

#include <jansson.h>

#include "src/app/views.h"

json_t *kc_json_pause(gconstpointer view);
