/* Invariants: a leg is in calls->legs and on exactly one seat of one call; a call without legs doesn't exist; one
 * participant has at most one leg in a call. */
#include "media/worker/calls_private.h"

#include "src/base/json.h"

/* ---- the tables ---------------------------------------------------------------------------------------------------
 */

static void
call_tick(gint64 now_us, gpointer user)
{
    Call *call = user;
    KcTimers *timers = kc_udp_loop_timers(kc_transport_loop(call->calls->config.transport));
    kc_timers_set(timers, &call->tick, now_us + KC_PEER_TICK_US);
    for (guint i = 0; i < KC_ROUTE_SEATS; i++) {
        if (call->seats[i] != NULL)
            kc_leg_tick(call->seats[i], now_us);
    }
    if (!call->drawn && call->seats[0] != NULL && call->seats[1] != NULL && call->seats[0]->state == LEG_CONNECTED &&
        call->seats[1]->state == LEG_CONNECTED) {
        call->drawn = TRUE;
        kc_call_pipeline_draw(call->pipeline, "call");
    }
}

static Call *
call_new(KcCalls *calls, const char *id)
{
    KcUdpLoop *loop = kc_transport_loop(calls->config.transport);
    g_autofree char *name = g_strdup_printf("call-%s", id);
    Call *call = g_new0(Call, 1);
    call->calls = calls;
    call->id = g_strdup(id);
    call->pipeline = kc_call_pipeline_new(name);
    call->tick.func = call_tick;
    call->tick.user = call;
    kc_timers_set(kc_udp_loop_timers(loop), &call->tick, g_get_monotonic_time() + KC_PEER_TICK_US);
    g_hash_table_insert(calls->calls, call->id, call);
    return call;
}

static void
call_free(gpointer data)
{
    Call *call = data;
    kc_timers_cancel(kc_udp_loop_timers(kc_transport_loop(call->calls->config.transport)), &call->tick);
    kc_call_pipeline_free(call->pipeline);
    g_free(call->id);
    g_free(call);
}

void
kc_call_left(Call *call)
{
    for (guint i = 0; i < KC_ROUTE_SEATS; i++) {
        if (call->seats[i] != NULL)
            return;
    }
    g_hash_table_remove(call->calls->calls, call->id);
}

KcCalls *
kc_calls_new(const KcCallsConfig *config)
{
    KcCalls *calls = g_new0(KcCalls, 1);
    calls->config = *config;
    calls->pool = kc_rtp_buffer_pool_new();
    calls->recorded = g_atomic_rc_box_new0(RecordingTotals);
    calls->calls = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, call_free);
    calls->legs = g_hash_table_new(g_str_hash, g_str_equal);
    return calls;
}

void
kc_calls_end(KcCalls *calls)
{
    GHashTableIter iter;
    gpointer leg;
    while (g_hash_table_iter_init(&iter, calls->legs), g_hash_table_iter_next(&iter, NULL, &leg))
        kc_leg_free(leg);
}

void
kc_calls_free(KcCalls *calls)
{
    if (calls == NULL)
        return;
    g_hash_table_unref(calls->legs);
    g_hash_table_unref(calls->calls);
    gst_buffer_pool_set_active(calls->pool, FALSE);
    gst_object_unref(calls->pool);
    g_atomic_rc_box_release(calls->recorded);
    g_free(calls);
}

/* ---- join ---------------------------------------------------------------------------------------------------------
 */

static void
refuse(KcCalls *calls, const KcMessage *request, guint status, const char *code, const char *detail)
{
    kc_outbox_post(calls->config.outbox, kc_message_refusal(request, status, code, detail));
}

static Leg *
leg_of_participant(Call *call, const char *participant)
{
    for (guint i = 0; i < KC_ROUTE_SEATS; i++) {
        if (call->seats[i] != NULL && g_str_equal(call->seats[i]->participant, participant))
            return call->seats[i];
    }
    return NULL;
}

static gboolean
is_same_offer(const Leg *leg, const KcSdpOffer *offer)
{
    g_autofree char *fingerprint = kc_sdp_offer_fingerprint_hex(offer);
    return g_str_equal(leg->fingerprint, fingerprint) && g_str_equal(leg->offer->session_id, offer->session_id);
}

static guint
free_seat(const Call *call)
{
    guint seat = 0;
    while (seat < KC_ROUTE_SEATS && call->seats[seat] != NULL)
        seat++;
    return seat;
}

/* The reasons not to let somebody in; FALSE when refused. `replaced` is the participant's older leg, or NULL. */
static gboolean
admit(KcCalls *calls, const KcMessage *request, const Call *call, const Leg *replaced, const KcSdpOffer *offer)
{
    if (g_hash_table_contains(calls->legs, request->join.leg)) {
        refuse(calls, request, 409, "leg-exists", "a leg of this name is already there");
        return FALSE;
    }
    if (replaced != NULL && is_same_offer(replaced, offer)) {
        refuse(calls, request, 409, "same-offer", "this offer is already answered by a live leg");
        return FALSE;
    }
    if (replaced == NULL && call != NULL && free_seat(call) == KC_ROUTE_SEATS) {
        refuse(calls, request, 409, "call-full", "four participants are already in this call");
        return FALSE;
    }
    if (replaced == NULL && g_hash_table_size(calls->legs) >= KC_CALLS_LEGS_MAX) {
        refuse(calls, request, 503, "worker-full", "this worker takes no more participants");
        return FALSE;
    }
    return TRUE;
}

static void
joined(KcCalls *calls, const KcMessage *request, Leg *leg, const char *replaced)
{
    KcMessage *reply = kc_message_reply(KC_MESSAGE_JOINED, request);
    reply->joined.answer = kc_leg_answer(leg);
    reply->joined.o_id = g_strdup(leg->offer->session_id);
    reply->joined.fingerprint = g_strdup(leg->fingerprint);
    reply->joined.replaced = g_strdup(replaced);
    kc_outbox_post(calls->config.outbox, reply);
}

static void
join(KcCalls *calls, KcMessage *request, KcSdpOffer *offer)
{
    g_autoptr(KcSdpOffer) owned = offer;
    g_autoptr(GError) error = NULL;
    g_autofree char *participant =
        g_strdup_printf("%s:%s", request->join.participant_kind, request->join.participant_id);
    Call *call = g_hash_table_lookup(calls->calls, request->join.call);
    Leg *older = call != NULL ? leg_of_participant(call, participant) : NULL;
    if (!admit(calls, request, call, older, offer))
        return;
    if (call == NULL)
        call = call_new(calls, request->join.call);
    guint seat = older != NULL ? older->seat : free_seat(call);
    g_autofree char *replaced = older != NULL ? g_strdup(older->id) : NULL;
    if (older != NULL) {
        /* The seat goes on to the new leg; hold the call while nobody may be on it. */
        kc_leg_event(older, KC_LEG_GONE, "replaced");
        call->seats[seat] = NULL;
        kc_leg_free(older);
    }
    Leg *leg = kc_leg_new(call, seat, request, g_steal_pointer(&owned), &error);
    if (leg == NULL) {
        refuse(calls, request, 503, "recording-failed", error->message);
        kc_views_left(call, seat);
        kc_call_left(call);
        return;
    }
    joined(calls, request, leg, replaced);
    kc_views_joined(leg);
}

/* ---- the other requests -------------------------------------------------------------------------------------------
 */

static void
patch(KcCalls *calls, const KcMessage *request, Leg *leg)
{
    g_auto(KcSdpRefusal) refusal = {0};
    char *text = kc_transport_patch(calls->config.transport, leg->session, leg->offer, request->patch.sdpfrag,
                                    strlen(request->patch.sdpfrag), &refusal);
    if (text == NULL) {
        refuse(calls, request, refusal.status, refusal.code, refusal.detail);
        return;
    }
    KcMessage *reply = kc_message_reply(KC_MESSAGE_PATCHED, request);
    reply->patch.leg = g_strdup(leg->id);
    reply->patch.sdpfrag = text;
    kc_outbox_post(calls->config.outbox, reply);
}

static void
leave(KcCalls *calls, const KcMessage *request, Leg *leg)
{
    KcMessage *reply = kc_message_reply(KC_MESSAGE_LEFT, request);
    reply->leg_name.leg = g_strdup(leg->id);
    kc_leg_free(leg);
    kc_outbox_post(calls->config.outbox, reply);
}

static void
keyframe(KcCalls *calls, const KcMessage *request, Leg *leg)
{
    kc_peer_want_keyframe(leg->peer, g_get_monotonic_time());
    kc_outbox_post(calls->config.outbox, kc_message_reply(KC_MESSAGE_DONE, request));
}

static void
show(KcCalls *calls, KcMessage *request, Leg *leg)
{
    kc_views_show(leg, &request->show);
    kc_outbox_post(calls->config.outbox, kc_message_reply(KC_MESSAGE_DONE, request));
}

/* The leg that a request is about. Every such message begins with its name. */
static const char *
leg_name_of(const KcMessage *request)
{
    switch (request->type) {
    case KC_MESSAGE_PATCH:
        return request->patch.leg;
    case KC_MESSAGE_LEAVE:
        return request->leave.leg;
    case KC_MESSAGE_SHOW:
        return request->show.leg;
    default:
        return request->leg_name.leg;
    }
}

static void
leg_request(KcCalls *calls, KcMessage *request)
{
    Leg *leg = g_hash_table_lookup(calls->legs, leg_name_of(request));
    if (leg == NULL) {
        refuse(calls, request, 404, "leg-unknown", "there is no such leg here");
        return;
    }
    switch (request->type) {
    case KC_MESSAGE_PATCH:
        patch(calls, request, leg);
        return;
    case KC_MESSAGE_LEAVE:
        leave(calls, request, leg);
        return;
    case KC_MESSAGE_SHOW:
        show(calls, request, leg);
        return;
    case KC_MESSAGE_SNAPSHOT:
        kc_leg_snapshot_request(leg, request, g_get_monotonic_time());
        return;
    default:
        keyframe(calls, request, leg);
    }
}

void
kc_calls_request(KcCalls *calls, KcMessage *request, KcSdpOffer *offer)
{
    if (request->type == KC_MESSAGE_JOIN)
        join(calls, request, offer);
    else if (request->type == KC_MESSAGE_STATS)
        kc_calls_stats(calls, request);
    else
        leg_request(calls, request);
}
