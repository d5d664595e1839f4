/* Witnesses of the log: others who cosign its checkpoints, each only if the log has grown from the one before
 * (C2SP tlog-witness). The service asks those in its settings for every checkpoint that it publishes, and takes what they
 * bring on their own.
 *
 * With a quorum, only a checkpoint that so many have cosigned is published: who then holds it knows that no other history
 * of the log was ever shown to them. A witness that has cosigned more than the log holds, or another log of the same size,
 * shows that the log was put back or written anew: that is said in readiness, loudly, until it is settled. */
#pragma once

#include "src/app/app.h"

#define KC_MAX_WITNESSES 16

/* A POST of text/plain, at most some seconds. FALSE with an error if nobody answered; any status is an answer. */
typedef gboolean (*KcWitnessPostFn)(gpointer data, const char *url, const char *body, guint *ret_status,
                                    char **ret_body, GError **error);

struct KcWitnessOptions {
    const char *const *witnesses; /* "KEY URL" each, NULL-terminated; KEY as published (src/evidence/note.h) */
    guint quorum;                 /* 0: a checkpoint is published at once */
    KcWitnessPostFn post;
    gpointer post_data;
};

/* FALSE with what is wrong about "KEY URL", or a quorum of more than there are. */
gboolean kc_witness_options_check(const KcWitnessOptions *options, GError **error);

/* Asks each witness that has not cosigned the newest checkpoint and whose turn has come: after a failure a minute passes,
 * and longer after more. Slow; one thread. */
gboolean kc_app_ask_witnesses(KcApp *app, GError **error);

typedef struct {
    char *public;
    char *url;           /* NULL: not asked any more */
    guint64 size;        /* of the newest checkpoint that it cosigned; 0: none */
    gint64 cosigned_us;
    char *trouble;       /* NULL: none */
    gboolean alarm;      /* it contradicts the log */
} KcWitnessView;

void kc_witness_view_free(KcWitnessView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcWitnessView, kc_witness_view_free)

/* Of KcWitnessView, in the order of the settings. */
gboolean kc_app_list_witnesses(KcApp *app, GPtrArray **ret_witnesses, guint *ret_quorum, KcResult *result,
                               GError **error);

/* Lines of cosignatures ("— name base64") of the checkpoint of that size, by witnesses of the settings. INVALID if one is
 * not, NOT_FOUND "no-checkpoint" if none of that size was published. */
gboolean kc_app_add_cosignatures(KcApp *app, guint64 size, const char *lines, KcResult *result, GError **error);
