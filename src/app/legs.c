/* The table of live legs.
 *
 * Invariants
 *
 * 1. At most KC_LIMIT_LEGS_PER_CALL participants have a leg in one case; one who comes again takes over, and is counted
 *    once while both legs are there.
 * 2. A member of staff has legs in one case at most.
 * 3. Only copies leave the table, so that nobody holds its lock while talking to the media plane or the disk.
 * 4. The epoch of a call is that of its first leg, for as long as it has any. */
#include "src/app/internal.h"

typedef struct {
    char *audio_mid, *video_mid, *source_leg_id;
} Slot;

struct KcCallTable {
    GMutex lock;
    GCond tracks_changed;
    GHashTable *legs;   /* leg id -> KcLeg */
    GHashTable *slots;  /* leg id -> GPtrArray of Slot */
    GHashTable *tracks; /* object ids */
};

KcCallTable *
kc_call_table_new(void)
{
    KcCallTable *table = g_new0(KcCallTable, 1);
    g_mutex_init(&table->lock);
    g_cond_init(&table->tracks_changed);
    table->legs = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)kc_leg_free);
    table->slots = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    table->tracks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return table;
}

void
kc_call_table_free(KcCallTable *table)
{
    if (table == NULL)
        return;
    g_hash_table_unref(table->legs);
    g_hash_table_unref(table->slots);
    g_hash_table_unref(table->tracks);
    g_cond_clear(&table->tracks_changed);
    g_mutex_clear(&table->lock);
    g_free(table);
}

void
kc_leg_free(KcLeg *leg)
{
    if (leg == NULL)
        return;
    g_free(leg->leg_id);
    g_free(leg->case_id);
    g_free(leg->object_id);
    g_free(leg->participant_id);
    g_free(leg->name);
    g_free(leg->label);
    g_free(leg->offer_id);
    kc_still_view_free(leg->still);
    g_free(leg->relieved_by);
    g_free(leg->ending);
    g_free(leg);
}

KcLeg *
kc_leg_copy(const KcLeg *leg)
{
    KcLeg *copy = g_new(KcLeg, 1);
    *copy = *leg;
    copy->leg_id = g_strdup(leg->leg_id);
    copy->case_id = g_strdup(leg->case_id);
    copy->object_id = g_strdup(leg->object_id);
    copy->participant_id = g_strdup(leg->participant_id);
    copy->name = g_strdup(leg->name);
    copy->label = g_strdup(leg->label);
    copy->offer_id = g_strdup(leg->offer_id);
    copy->still = kc_still_view_copy(leg->still);
    copy->relieved_by = g_strdup(leg->relieved_by);
    copy->ending = g_strdup(leg->ending);
    return copy;
}

/* Who comes again before the older leg has ended goes on as it was. */
static void
inherit(KcLeg *leg, const KcLeg *from)
{
    leg->sound_only = from->sound_only;
    leg->mode_us = from->mode_us;
    kc_still_view_free(leg->still);
    leg->still = kc_still_view_copy(from->still);
}

/* What the legs that are there say about one more. */
static KcLegAdmission
judge(KcCallTable *table, KcLeg *leg)
{
    g_autoptr(GHashTable) others = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, table->legs);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const KcLeg *there = value;
        gboolean same_case = strcmp(there->case_id, leg->case_id) == 0;
        gboolean same_person = strcmp(there->participant_id, leg->participant_id) == 0;
        if (same_person && !same_case)
            return KC_LEG_ELSEWHERE;
        if (same_person && strcmp(there->offer_id, leg->offer_id) == 0)
            return KC_LEG_SAME_OFFER;
        if (!same_case)
            continue;
        leg->epoch_us = there->epoch_us;
        if (same_person)
            inherit(leg, there);
        else
            g_hash_table_add(others, there->participant_id);
    }
    return g_hash_table_size(others) >= KC_LIMIT_LEGS_PER_CALL ? KC_LEG_CALL_FULL : KC_LEG_TAKEN;
}

KcLegAdmission
kc_call_table_admit(KcCallTable *table, KcLeg *leg)
{
    g_mutex_lock(&table->lock);
    leg->epoch_us = leg->joined_us;
    KcLegAdmission admission = judge(table, leg);
    if (admission == KC_LEG_TAKEN) {
        leg->joining = TRUE;
        g_hash_table_insert(table->legs, leg->leg_id, leg);
    }
    g_mutex_unlock(&table->lock);
    return admission;
}

gboolean
kc_call_table_joined(KcCallTable *table, const char *leg_id)
{
    g_mutex_lock(&table->lock);
    KcLeg *leg = g_hash_table_lookup(table->legs, leg_id);
    if (leg != NULL)
        leg->joining = FALSE;
    g_mutex_unlock(&table->lock);
    return leg != NULL;
}

KcLeg *
kc_call_table_find(KcCallTable *table, const char *leg_id)
{
    g_mutex_lock(&table->lock);
    const KcLeg *leg = g_hash_table_lookup(table->legs, leg_id);
    KcLeg *copy = leg != NULL ? kc_leg_copy(leg) : NULL;
    g_mutex_unlock(&table->lock);
    return copy;
}

static gboolean
is_newer(const KcLeg *leg, const KcLeg *than)
{
    return than == NULL || leg->joined_us > than->joined_us ||
           (leg->joined_us == than->joined_us && strcmp(leg->leg_id, than->leg_id) > 0);
}

KcLeg *
kc_call_table_find_participant(KcCallTable *table, const char *case_id, const char *participant_id)
{
    const KcLeg *newest = NULL;
    GHashTableIter iter;
    gpointer value;
    g_mutex_lock(&table->lock);
    g_hash_table_iter_init(&iter, table->legs);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const KcLeg *leg = value;
        if (!leg->joining && strcmp(leg->case_id, case_id) == 0 && strcmp(leg->participant_id, participant_id) == 0 &&
            is_newer(leg, newest))
            newest = leg;
    }
    KcLeg *copy = newest != NULL ? kc_leg_copy(newest) : NULL;
    g_mutex_unlock(&table->lock);
    return copy;
}

KcLeg *
kc_call_table_remove(KcCallTable *table, const char *leg_id)
{
    gpointer leg = NULL;
    g_mutex_lock(&table->lock);
    g_hash_table_steal_extended(table->legs, leg_id, NULL, &leg);
    g_hash_table_remove(table->slots, leg_id);
    g_mutex_unlock(&table->lock);
    return leg;
}

KcLeg *
kc_call_table_set_media(KcCallTable *table, const char *leg_id, KcMediaLegState state)
{
    g_mutex_lock(&table->lock);
    KcLeg *leg = g_hash_table_lookup(table->legs, leg_id);
    if (leg != NULL) {
        leg->connected = TRUE;
        leg->warned = state == KC_MEDIA_WARNING;
    }
    KcLeg *copy = leg != NULL ? kc_leg_copy(leg) : NULL;
    g_mutex_unlock(&table->lock);
    return copy;
}

void
kc_call_table_set_ending(KcCallTable *table, const char *leg_id, const char *reason)
{
    g_mutex_lock(&table->lock);
    KcLeg *leg = g_hash_table_lookup(table->legs, leg_id);
    if (leg != NULL) {
        g_free(leg->ending);
        leg->ending = g_strdup(reason);
    }
    g_mutex_unlock(&table->lock);
}

KcLeg *
kc_call_table_set_track(KcCallTable *table, const char *object_id, KcTrackState state)
{
    KcLeg *copy = NULL;
    GHashTableIter iter;
    gpointer value;
    g_mutex_lock(&table->lock);
    g_hash_table_iter_init(&iter, table->legs);
    while (copy == NULL && g_hash_table_iter_next(&iter, NULL, &value)) {
        KcLeg *leg = value;
        if (g_strcmp0(leg->object_id, object_id) != 0)
            continue;
        leg->track = state;
        copy = kc_leg_copy(leg);
    }
    g_mutex_unlock(&table->lock);
    return copy;
}

KcModeChange
kc_call_table_set_mode(KcCallTable *table, const char *leg_id, gboolean sound_only, gint64 now_us)
{
    KcModeChange change = KC_MODE_CHANGED;
    g_mutex_lock(&table->lock);
    KcLeg *leg = g_hash_table_lookup(table->legs, leg_id);
    if (leg == NULL)
        change = KC_MODE_NO_LEG;
    else if (leg->sound_only == sound_only)
        change = KC_MODE_SAME;
    else if (leg->mode_us > 0 && now_us - leg->mode_us < KC_LIMIT_MODE_CHANGE_MS * 1000)
        change = KC_MODE_TOO_SOON;
    if (change == KC_MODE_CHANGED) {
        leg->sound_only = sound_only;
        leg->mode_us = now_us;
    }
    g_mutex_unlock(&table->lock);
    return change;
}

void
kc_call_table_set_still(KcCallTable *table, const char *leg_id, KcStillView *still)
{
    g_mutex_lock(&table->lock);
    KcLeg *leg = g_hash_table_lookup(table->legs, leg_id);
    if (leg != NULL && (leg->still == NULL || leg->still->taken_us < still->taken_us)) {
        kc_still_view_free(leg->still);
        leg->still = g_steal_pointer(&still);
    }
    g_mutex_unlock(&table->lock);
    kc_still_view_free(still);
}

static int
compare_joined(gconstpointer a, gconstpointer b)
{
    const KcLeg *left = *(KcLeg *const *)a, *right = *(KcLeg *const *)b;
    return is_newer(left, right) ? 1 : -1;
}

GPtrArray *
kc_call_table_list(KcCallTable *table, const char *case_id)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)kc_leg_free);
    GHashTableIter iter;
    gpointer value;
    g_mutex_lock(&table->lock);
    g_hash_table_iter_init(&iter, table->legs);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const KcLeg *leg = value;
        if (!leg->joining && (case_id == NULL || strcmp(leg->case_id, case_id) == 0))
            g_ptr_array_add(list, kc_leg_copy(leg));
    }
    g_mutex_unlock(&table->lock);
    g_ptr_array_sort(list, compare_joined);
    return list;
}

static void
slot_free(gpointer data)
{
    Slot *slot = data;
    g_free(slot->audio_mid);
    g_free(slot->video_mid);
    g_free(slot->source_leg_id);
    g_free(slot);
}

gboolean
kc_call_table_set_slots(KcCallTable *table, const char *leg_id, const KcMediaSlot *slots, guint n)
{
    GPtrArray *copies = g_ptr_array_new_with_free_func(slot_free);
    for (guint i = 0; i < n; i++) {
        Slot slot = {g_strdup(slots[i].audio_mid), g_strdup(slots[i].video_mid), g_strdup(slots[i].source_leg_id)};
        g_ptr_array_add(copies, g_memdup2(&slot, sizeof slot));
    }
    g_mutex_lock(&table->lock);
    gboolean there = g_hash_table_contains(table->legs, leg_id);
    if (there)
        g_hash_table_insert(table->slots, g_strdup(leg_id), g_ptr_array_ref(copies));
    g_mutex_unlock(&table->lock);
    g_ptr_array_unref(copies);
    return there;
}

GPtrArray *
kc_call_table_slots(KcCallTable *table, const char *leg_id)
{
    GPtrArray *views = g_ptr_array_new_with_free_func((GDestroyNotify)kc_slot_view_free);
    g_mutex_lock(&table->lock);
    const GPtrArray *slots = g_hash_table_lookup(table->slots, leg_id);
    for (guint i = 0; slots != NULL && i < slots->len; i++) {
        const Slot *slot = slots->pdata[i];
        const KcLeg *source =
            slot->source_leg_id != NULL ? g_hash_table_lookup(table->legs, slot->source_leg_id) : NULL;
        KcSlotView view = {g_strdup(slot->audio_mid), g_strdup(slot->video_mid),
                           g_strdup(source != NULL ? source->participant_id : NULL)};
        g_ptr_array_add(views, g_memdup2(&view, sizeof view));
    }
    g_mutex_unlock(&table->lock);
    return views;
}

char *
kc_call_table_relieve(KcCallTable *table, const char *case_id, const char *old_user, const char *new_user)
{
    g_autoptr(GHashTable) people = g_hash_table_new(g_str_hash, g_str_equal);
    KcLeg *old_leg = NULL;
    gboolean connected = FALSE;
    GHashTableIter iter;
    gpointer value;
    g_mutex_lock(&table->lock);
    g_hash_table_iter_init(&iter, table->legs);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        KcLeg *leg = value;
        if (strcmp(leg->case_id, case_id) != 0)
            continue;
        g_hash_table_add(people, leg->participant_id);
        connected = connected || (leg->connected && !leg->listens && strcmp(leg->participant_id, new_user) == 0);
        if (strcmp(leg->participant_id, old_user) == 0 && (old_leg == NULL || is_newer(leg, old_leg)))
            old_leg = leg;
    }
    gboolean now = old_leg != NULL && (connected || g_hash_table_size(people) >= KC_LIMIT_LEGS_PER_CALL);
    char *leg_id = now ? g_strdup(old_leg->leg_id) : NULL;
    if (old_leg != NULL && !now) {
        g_free(old_leg->relieved_by);
        old_leg->relieved_by = g_strdup(new_user);
    }
    g_mutex_unlock(&table->lock);
    return leg_id;
}

char *
kc_call_table_take_relieved(KcCallTable *table, const KcLeg *connected)
{
    char *leg_id = NULL;
    GHashTableIter iter;
    gpointer value;
    g_mutex_lock(&table->lock);
    g_hash_table_iter_init(&iter, table->legs);
    while (leg_id == NULL && g_hash_table_iter_next(&iter, NULL, &value)) {
        KcLeg *leg = value;
        if (connected->listens || strcmp(leg->case_id, connected->case_id) != 0 || g_strcmp0(leg->relieved_by, connected->participant_id) != 0)
            continue;
        leg_id = g_strdup(leg->leg_id);
        g_clear_pointer(&leg->relieved_by, g_free);
    }
    g_mutex_unlock(&table->lock);
    return leg_id;
}

gboolean
kc_call_table_is_empty(KcCallTable *table, const char *case_id)
{
    gboolean empty = TRUE;
    GHashTableIter iter;
    gpointer value;
    g_mutex_lock(&table->lock);
    g_hash_table_iter_init(&iter, table->legs);
    while (empty && g_hash_table_iter_next(&iter, NULL, &value)) {
        const KcLeg *leg = value;
        empty = leg->listens || strcmp(leg->case_id, case_id) != 0;
    }
    g_mutex_unlock(&table->lock);
    return empty;
}

guint
kc_call_table_party_tracks(KcCallTable *table, const char *case_id)
{
    guint count = 0;
    g_autoptr(GPtrArray) legs = kc_call_table_list(table, case_id);
    for (guint i = 0; i < legs->len; i++) {
        const KcLeg *leg = legs->pdata[i];
        count += strcmp(leg->kind, "party") == 0 && leg->track == KC_TRACK_LIVE;
    }
    return count;
}

gboolean
kc_call_table_user_elsewhere(KcCallTable *table, const char *user_id, const char *case_id)
{
    gboolean found = FALSE;
    g_autoptr(GPtrArray) legs = kc_call_table_list(table, NULL);
    for (guint i = 0; i < legs->len && !found; i++) {
        const KcLeg *leg = legs->pdata[i];
        found = strcmp(leg->participant_id, user_id) == 0 && strcmp(leg->case_id, case_id) != 0;
    }
    return found;
}

void
kc_call_table_open_track(KcCallTable *table, const char *object_id)
{
    g_mutex_lock(&table->lock);
    g_hash_table_add(table->tracks, g_strdup(object_id));
    g_mutex_unlock(&table->lock);
}

void
kc_call_table_close_track(KcCallTable *table, const char *object_id)
{
    g_mutex_lock(&table->lock);
    g_hash_table_remove(table->tracks, object_id);
    g_cond_broadcast(&table->tracks_changed);
    g_mutex_unlock(&table->lock);
}

guint
kc_call_table_open_tracks(KcCallTable *table)
{
    g_mutex_lock(&table->lock);
    guint count = g_hash_table_size(table->tracks);
    g_mutex_unlock(&table->lock);
    return count;
}

gboolean
kc_call_table_wait_tracks(KcCallTable *table, gint64 timeout_us)
{
    gint64 until = g_get_monotonic_time() + timeout_us;
    gboolean in_time = TRUE;
    g_mutex_lock(&table->lock);
    while (in_time && g_hash_table_size(table->tracks) > 0)
        in_time = g_cond_wait_until(&table->tracks_changed, &table->lock, until);
    g_mutex_unlock(&table->lock);
    return in_time;
}

KcParticipantView *
kc_leg_view(const KcLeg *leg)
{
    KcParticipantView *view = g_new0(KcParticipantView, 1);
    view->leg_id = g_strdup(leg->leg_id);
    view->kind = g_strdup(leg->kind);
    view->guest_kind = leg->guest_kind;
    view->listens = leg->listens;
    view->id = g_strdup(leg->participant_id);
    view->name = g_strdup(leg->name);
    view->label = g_strdup(leg->label);
    view->joined_us = leg->joined_us;
    view->media = !leg->connected ? "connecting" : leg->warned ? "warning" : "connected";
    view->recording = leg->track == KC_TRACK_LIVE ? "live" : leg->track == KC_TRACK_BROKEN ? "failed" : "stopped";
    view->mode = leg->sound_only ? "voice" : "video";
    view->mode_since_us = leg->mode_us > 0 ? leg->mode_us : leg->joined_us;
    view->still = kc_still_view_copy(leg->still);
    view->rtt_ms = view->age_last_packet_ms = -1;
    return view;
}
