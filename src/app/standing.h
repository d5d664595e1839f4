/* Decisions that stand: who is behind a token, and whether he may read a recording, are decided from the database alone;
 * as long as nothing was committed to it (kc_store_version) they would be decided the same way again. A player asks for
 * many ranges in a row, and each of them would ask for what was decided a moment ago.
 *
 * Usage: kc_standing_find before the transaction that would decide; if nothing stands, decide, and kc_standing_keep with
 * the version that was found. Whatever is written takes everything back. Thread-safe. */
#pragma once

#include "src/app/app.h"

typedef struct KcStanding KcStanding;

KcStanding *kc_standing_new(void);
void kc_standing_free(KcStanding *standing);

/* TRUE if `key` stands; `ret_who` (may be NULL) gets a copy of whom it was kept with. In any case the version of now. */
gboolean kc_standing_find(KcApp *app, const char *key, KcPrincipal **ret_who, gint64 *ret_version);
/* `who`, of whom a copy is kept, may be NULL. */
void kc_standing_keep(KcApp *app, const char *key, const KcPrincipal *who, gint64 version);
