/* The audit log: one hash-chained, append-only entry for every change of state and every access to evidence, and a leaf
 * of its tree (log_tree.h). Whether all of it is what it was: log_verify.h.
 *
 * Personal data never enters it: ids, kinds and numbers only. The hash is taken over
 * {"actor":{"id":…,"kind":…},"at_us":…,"case_id":…,"data":{…},"kind":…,"seq":…} in canonical JSON, with "state":hex where
 * the entry says what the rows of its case are from then on (state_watch.h). Entries of a kind that only says so
 * (case.state, installation.state) are the store's own. */
#pragma once

#include "src/store/db.h"

#include <jansson.h>

typedef struct {
    gint64 seq; /* 1, 2, 3 … without gaps; given by the store */
    gint64 at_us;
    char *case_id;    /* or NULL: of the installation */
    char *kind;       /* e.g. case.claimed, recording.viewed */
    char *actor_kind; /* party guest user system */
    char *actor_id;   /* or NULL */
    json_t *data;     /* an object without real numbers; NULL: empty */
    gboolean has_state;
    guint8 state[32];
    guint8 hash[32];
} KcLogEntry;

void kc_log_entry_free(KcLogEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcLogEntry, kc_log_entry_free)

/* `entry`'s seq is not read, but set. It is written, and hashed, at the end of the job, when it is known what the rows of its
 * case have become; or before the log is read in the same job. */
gboolean kc_log_store_append(KcTx *tx, KcLogEntry *entry, GError **error);

/* What waits to be written is. The functions that read the log see to it. */
gboolean kc_log_store_flush(KcTx *tx, GError **error);
/* The newest entry that is written: 0 and the start of the chain of an empty log. */
gboolean kc_log_store_head(KcTx *tx, gint64 *ret_seq, guint8 ret_hash[32], GError **error);

/* The last entry of this case (NULL: of none) that waits to be written carries this state. FALSE: there is none. */
gboolean kc_log_store_carry(KcTx *tx, const char *case_id, const guint8 state[32]);

/* How many chunks the file of a live recording has, and the hash over their tags (kc_vault_hash_tags). */
#define KC_LOG_RECORDING_PROGRESS "recording.progress"

/* Whether an entry of this kind is there for those who check the log, and nothing to show to people that look at a case. */
gboolean kc_log_kind_is_technical(const char *kind);

/* What is hashed; owned. NULL if a text is not UTF-8 or the data holds a real number. */
char *kc_log_entry_canonical(const KcLogEntry *entry);

/* of KcLogEntry, oldest first, after `after_seq` (0: from the start). `case_id` NULL: of everything. */
GPtrArray *kc_log_store_list(KcTx *tx, const char *case_id, gint64 after_seq, guint limit, GError **error);

/* Whether this actor has joined the call of this case by this leg, however long ago. */
gboolean kc_log_store_has_joined(KcTx *tx, const char *case_id, const char *actor_id, const char *leg_id,
                                 gboolean *ret_joined, GError **error);

/* of gint64: the numbers of the installation's own entries of that kind, in order. Reads the whole log. */
GArray *kc_log_store_find(KcTx *tx, const char *kind, GError **error);

/* When the first entry of that kind was written in the case; 0: none was. */
gboolean kc_log_store_first_at(KcTx *tx, const char *case_id, const char *kind, gint64 *ret_at_us, GError **error);
