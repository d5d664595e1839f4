/* How the triage object is bound: whole at the report, field by field when somebody has learned more. */
#pragma once

#include "src/domain/eligibility.h"
#include "src/http/bind.h"

/* Into a KcTriage. */
extern const KcBindField kc_bind_triage_fields[];
/* Into a KcLearned. */
extern const KcBindField kc_bind_learned_fields[];
