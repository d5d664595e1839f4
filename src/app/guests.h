/* Guests of a call: who is invited, sent away, and what a guest's own link is for. */
#pragma once

#include "src/app/app.h"
#include "src/app/views.h"
#include "src/store/guest_store.h"

typedef struct {
    const char *kind;     /* "emergency", "interpreter", "insurer", "supervisor" */
    const char *name;     /* as all in the call see it */
    const char *party_id; /* whom an insurer insures; NULL otherwise */
    const KcIdempotency *idempotency;
} KcInviteGuest;

typedef struct {
    char *guest_id;
    char *token;
    char *url;
} KcInvitedGuest;
void kc_invited_guest_clear(KcInvitedGuest *invited);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcInvitedGuest, kc_invited_guest_clear)

/* CONFLICT "too-many-guests"; INVALID for a name or party that does not fit the kind. */
gboolean kc_app_invite_guest(KcApp *app, const KcPrincipal *who, const char *case_id, const KcInviteGuest *request,
                             KcInvitedGuest *ret_invited, KcResult *result, GError **error);

/* of KcGuest, those who were sent away included */
gboolean kc_app_list_guests(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_guests,
                            KcResult *result, GError **error);

/* The link is dead and the leg ended when it returns; a second time changes nothing. `*ret_session` (owned, may be NULL)
 * names the guest's link as KcPrincipal.session does, for whoever keeps streams open. */
gboolean kc_app_revoke_guest(KcApp *app, const KcPrincipal *who, const char *case_id, const char *guest_id,
                             char **ret_session, KcResult *result, GError **error);

/* What a guest sees of the case it was invited to: enough to know where it is, and what its kind may read. */
typedef struct {
    KcGuest *guest;
    char *party_label; /* of an insurer's party */
    char *case_number, *case_state;
    char *officer_name, *officer_badge;
    GPtrArray *documents; /* KcDocumentRow */
    GPtrArray *stills;    /* KcStillView */
} KcGuestView;
void kc_guest_view_free(KcGuestView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcGuestView, kc_guest_view_free)

gboolean kc_app_get_guest(KcApp *app, const KcPrincipal *who, KcGuestView **ret_view, KcResult *result, GError **error);
