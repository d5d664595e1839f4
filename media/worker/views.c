/* What each leg is sent of the others: who in which slot, how many bits of whom, and the word of it to the daemon. */
#include "media/worker/calls_private.h"

/* ---- slots --------------------------------------------------------------------------------------------------------
 */

/* The legs of a call in the order in which `viewer` gets them: to a party the officer first, else as they joined. Who
 * sends nothing takes nobody's slot. */
static guint
sources_in_order(const Call *call, const Leg *viewer, const Leg *ret_legs[KC_ROUTE_SEATS])
{
    gboolean officer_first = g_str_has_prefix(viewer->participant, "party:");
    guint n = 0;
    for (guint i = 0; i < KC_ROUTE_SEATS; i++) {
        const Leg *leg = call->seats[i];
        if (leg == NULL || leg == viewer || !kc_peer_may_send(leg->peer))
            continue;
        gboolean leads = officer_first && g_str_has_prefix(leg->participant, "user:");
        guint at = n++;
        for (; at > 0; at--) {
            const Leg *before = ret_legs[at - 1];
            gboolean before_leads = officer_first && g_str_has_prefix(before->participant, "user:");
            if (leads == before_leads ? before->joined_number < leg->joined_number : before_leads)
                break;
            ret_legs[at] = before;
        }
        ret_legs[at] = leg;
    }
    return n;
}

static char *
mid_of(const Leg *leg, KcMedia media, guint slot)
{
    const KcSdpSection *section = kc_peer_slot_section(leg->offer, media, slot);
    return section != NULL ? g_strdup(section->mid) : NULL;
}

static void
tell(const Leg *leg)
{
    KcMessage *event = kc_message_new(KC_MESSAGE_SLOTS);
    event->slots.leg = g_strdup(leg->id);
    event->slots.n_slots = leg->slots.n;
    event->slots.slots = g_new0(KcSlotRow, leg->slots.n + 1);
    for (guint i = 0; i < leg->slots.n; i++) {
        gint seat = leg->slots.source[i];
        event->slots.slots[i] = (KcSlotRow){
            .audio_mid = mid_of(leg, KC_AUDIO, i),
            .video_mid = mid_of(leg, KC_VIDEO, i),
            .source_leg = seat != KC_SLOTS_NOBODY ? g_strdup(leg->call->seats[seat]->id) : NULL,
        };
    }
    kc_outbox_post(leg->call->calls->config.outbox, event);
}

/* Everybody who is there gets a slot as far as there are any, and the route learns of it. */
static void
slots_fill(Leg *viewer)
{
    const Leg *sources[KC_ROUTE_SEATS];
    KcRoute *route = kc_call_pipeline_route(viewer->call->pipeline);
    guint n = sources_in_order(viewer->call, viewer, sources);
    for (guint i = 0; i < n; i++)
        kc_slots_enter(&viewer->slots, sources[i]->seat, sources[i]->participant);
    for (guint slot = 0; slot < viewer->slots.n; slot++)
        kc_route_set_slot(route, viewer->seat, slot, viewer->slots.source[slot]);
}

static gboolean
shows(const Leg *viewer, guint seat)
{
    for (guint slot = 0; slot < viewer->slots.n; slot++) {
        if (viewer->slots.source[slot] == (gint)seat)
            return TRUE;
    }
    return FALSE;
}

/* With more than two the relay stands between: see kcroute.h. */
static void
relayed_set(Call *call)
{
    guint n = 0;
    for (guint i = 0; i < KC_ROUTE_SEATS; i++)
        n += call->seats[i] != NULL;
    kc_route_set_relayed(kc_call_pipeline_route(call->pipeline), n > 2);
    for (guint i = 0; i < KC_ROUTE_SEATS; i++) {
        if (call->seats[i] != NULL)
            kc_peer_set_relayed(call->seats[i]->peer, n > 2);
    }
}

void
kc_views_connected(Call *call, gint64 now_us)
{
    Leg *legs[KC_ROUTE_SEATS];
    guint n = 0;
    for (guint i = 0; i < KC_ROUTE_SEATS; i++) {
        if (call->seats[i] != NULL)
            legs[n++] = call->seats[i];
    }
    if (n != 2 || legs[0]->connected_us == 0 || legs[1]->connected_us == 0)
        return;
    kc_peer_expect_feedback(legs[0]->peer, legs[1]->peer, now_us);
    kc_peer_expect_feedback(legs[1]->peer, legs[0]->peer, now_us);
}

void
kc_views_joined(Leg *leg)
{
    Call *call = leg->call;
    relayed_set(call);
    for (guint i = 0; i < KC_ROUTE_SEATS; i++) {
        Leg *viewer = call->seats[i];
        if (viewer == NULL)
            continue;
        slots_fill(viewer);
        kc_views_apply(viewer);
        if (viewer == leg || shows(viewer, leg->seat))
            tell(viewer);
    }
}

void
kc_views_left(Call *call, guint seat)
{
    relayed_set(call);
    for (guint i = 0; i < KC_ROUTE_SEATS; i++) {
        Leg *viewer = call->seats[i];
        if (viewer == NULL || !shows(viewer, seat))
            continue;
        kc_slots_leave(&viewer->slots, seat);
        slots_fill(viewer);
        kc_views_apply(viewer);
        tell(viewer);
    }
    kc_views_connected(call, g_get_monotonic_time());
}

/* ---- how much of whom ---------------------------------------------------------------------------------------------
 */

static gboolean
names(char **legs, const Leg *leg)
{
    return legs != NULL && g_strv_contains((const char *const *)legs, leg->id);
}

void
kc_views_apply(Leg *viewer)
{
    KcRoute *route = kc_call_pipeline_route(viewer->call->pipeline);
    guint level = kc_peer_thinning(viewer->peer);
    gboolean first = TRUE;
    viewer->thinned = level;
    for (guint slot = 0; slot < viewer->slots.n; slot++) {
        gint seat = viewer->slots.source[slot];
        if (seat == KC_SLOTS_NOBODY)
            continue;
        const Leg *source = viewer->call->seats[seat];
        gboolean large = viewer->large == NULL || names(viewer->large, source);
        gint highest = names(viewer->hidden, source) ? KC_LAYERS_NONE : kc_thinning_layer(level, large, large && first);
        first = first && !large;
        kc_route_set_layers(route, viewer->seat, slot, highest);
    }
}

void
kc_views_tick(Leg *viewer)
{
    if (kc_peer_thinning(viewer->peer) != viewer->thinned)
        kc_views_apply(viewer);
}

void
kc_views_show(Leg *viewer, KcShow *show)
{
    g_strfreev(viewer->large);
    g_strfreev(viewer->hidden);
    viewer->large = g_steal_pointer(&show->large);
    viewer->hidden = g_steal_pointer(&show->hidden);
    kc_views_apply(viewer);
}
