/* Text beside the voices of a call, for those who can't hear or speak. Written to everybody in the call: parties, desk
 * and guests; who only listens writes nothing. */
#pragma once

#include "src/app/app.h"
#include "src/app/cases.h"
#include "src/store/message_store.h"

typedef struct {
    KcChatMessage *message;
    const char *kind;       /* "party", "user" or "guest" */
    const char *guest_kind; /* NULL: no guest */
    char *from_id;          /* NULL to who looks blind, as the name of who is no party */
    char *label;            /* of the party; NULL: none */
    char *name;             /* a party's only to who may see it (domain/fields.h); may be NULL */
    gboolean own;           /* the caller wrote it */
} KcMessageView;
void kc_message_view_free(KcMessageView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcMessageView, kc_message_view_free)

/* `text` is kept without blanks at its ends. STATE where the call can't be joined; INVALID for a text that is blank,
 * too long, or no text; CONFLICT "too-many-messages". */
gboolean kc_app_send_message(KcApp *app, const KcPrincipal *who, const char *case_id, const char *text,
                             const KcIdempotency *idempotency, KcMessageView **ret_message, KcResult *result,
                             GError **error);
/* of KcMessageView, by time; `after` (NULL: from the first): those that came after that message. Of staff who do not
 * have the case it is a look at evidence, which is logged and may need a purpose (accesses.h). */
gboolean kc_app_list_messages(KcApp *app, const KcPrincipal *who, const char *case_id, const char *after,
                              GPtrArray **ret_messages, KcResult *result, GError **error);

/* Within a transaction of this folder, of a case that `who` may read. */
gboolean kc_app_load_messages(KcTx *tx, const KcPrincipal *who, const KcCaseRow *row, const char *after,
                              GPtrArray **ret_messages, GError **error);
