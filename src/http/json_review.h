/* A review as JSON. */
#pragma once

#include <jansson.h>

#include "src/app/views.h"

json_t *kc_json_review(const KcReviewView *view);
