/* The frames of a recording's newest picture, read back from its file while it grows. Internal to kcrecorder. */
#pragma once

#include "media/gst/kcrecorder.h"
#include "src/evidence/vault.h"

/* `index`: of everything that was appended to `vault`, one Cluster a chunk behind the head. NULL with an error. */
KcGop *kc_gop_read(KcVaultWriter *vault, const KcWebmIndex *index, GError **error);
