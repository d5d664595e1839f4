/* The call of a case: one leg for each participant, each leg recorded into an object of its own.
 *
 * The table of live legs is here, in memory; a leg is lost with the process, and its participant comes back by offering
 * again, as a new segment of the recording. */
#pragma once

#include "src/app/cases.h"

typedef struct {
    char *leg_id;
    char *answer; /* SDP */
} KcJoinedCall;
void kc_joined_call_clear(KcJoinedCall *joined);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(KcJoinedCall, kc_joined_call_clear)

/* Blocks for the media plane (5 s at most). Refusals of its own: CONFLICT "same-offer", "call-full", "busy-elsewhere"
 * (an officer's leg is live in another case); INVALID, MALFORMED for the SDP; DISK_FULL; UNAVAILABLE. */
gboolean kc_app_join_call(KcApp *app, const KcPrincipal *who, const char *case_id, const char *offer,
                          KcJoinedCall *ret_joined, KcResult *result, GError **error);
/* A supervisor hears and sees the call of somebody else's case, with an offer that only receives, and is neither heard,
 * seen nor recorded. All in the call are told, and the log has it; it ends when the supervisor leaves, or nobody else is
 * there any more. Refusals of its own beside those above: INVALID "not-silent"; CONFLICT "no-call", "own-call". */
gboolean kc_app_listen_in(KcApp *app, const KcPrincipal *who, const char *case_id, const char *offer,
                          KcJoinedCall *ret_joined, KcResult *result, GError **error);
/* The leg must be the caller's own, else NOT_FOUND. */
gboolean kc_app_patch_call(KcApp *app, const KcPrincipal *who, const char *case_id, const char *leg_id,
                           const char *sdpfrag, char **ret_sdpfrag, KcResult *result, GError **error);
/* The same, and done already if it has ended by itself before. */
gboolean kc_app_leave_call(KcApp *app, const KcPrincipal *who, const char *case_id, const char *leg_id,
                           KcResult *result, GError **error);
/* Once a second or so: ends the legs of staff whose account was disabled meanwhile, by whichever process. */
gboolean kc_app_tend_calls(KcApp *app, GError **error);
/* of KcParticipantView, with what the worker measures; of KcSlotView, the caller's own (none: not in the call) */
gboolean kc_app_call_status(KcApp *app, const KcPrincipal *who, const char *case_id, GPtrArray **ret_participants,
                            GPtrArray **ret_slots, KcResult *result, GError **error);
/* Which pictures of others the caller wants large, and which not at all; ids of participants, NULL-terminated. Lasts
 * as long as the caller's leg. CONFLICT "not-in-call"; INVALID for who is not in the call. */
gboolean kc_app_choose_view(KcApp *app, const KcPrincipal *who, const char *case_id, const char *const *large,
                            const char *const *hidden, KcResult *result, GError **error);

/* The caller's own leg sends sound alone from now on, or a picture again; told to all in the call, and logged. Lasts as
 * long as the leg, and one that takes over from it. CONFLICT "not-in-call"; RATE when it changed just now. */
gboolean kc_app_set_call_mode(KcApp *app, const KcPrincipal *who, const char *case_id, gboolean sound_only,
                              KcResult *result, GError **error);

typedef struct {
    const char *party_id;
    const char *shot;     /* may be NULL */
    const char *still_id; /* the live still that is kept instead of a picture; NULL: whatever the party sends now */
    const KcIdempotency *idempotency;
} KcNewSnapshot;

/* A still of the party's live picture, sealed: CONFLICT "not-in-call" or "no-frame". While the party sends sound alone,
 * its newest live still is kept: CONFLICT "no-still" if none of the last half minute is left, "still-kept" for one that
 * was named and is kept already. */
gboolean kc_app_snapshot(KcApp *app, const KcPrincipal *who, const char *case_id, const KcNewSnapshot *snapshot,
                         KcStillView **ret_still, KcResult *result, GError **error);
