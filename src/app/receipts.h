/* What lets a browser check for itself that the recording it is served is the one that was sealed then.
 *
 * What is served is a head made here, then the recording's Clusters byte for byte (media/webm/virtual.h). So
 *
 *     SHA-256(head || the served bytes from `media_from` on) = sha256
 *
 * and that hash stands in the log's entry about the recording's end, whose leaf anybody can ask a proof for
 * (GET /api/v1/log/proof). Entry and salt open the commitment in that leaf (src/store/log_tree.h). */
#pragma once

#include "src/app/app.h"
#include "src/evidence/keys.h"

typedef struct {
    char *recording_id;
    char *sha256;      /* of the row */
    GBytes *head;      /* what the sealed recording begins with */
    gint64 media_from; /* where its Clusters begin in the served file */
    gint64 size;       /* of the served file */
    char *entry;       /* canonical; NULL: the log has none of its end (it began before there was one) */
    guint8 salt[KC_KEY_LEN];
    gint64 leaf;       /* index */
    gint64 checked_us; /* when all of it was read and found right just now; 0: that was not asked for */
} KcReceipt;

void kc_receipt_clear(KcReceipt *receipt);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcReceipt, kc_receipt_clear)

/* A look at the recording, and logged as one. `check`: the service reads and hashes all of it too; damage is an error.
 */
gboolean kc_app_recording_receipt(KcApp *app, const KcPrincipal *who, const char *recording_id, gboolean check,
                                  KcReceipt *ret_receipt, KcResult *result, GError **error);
