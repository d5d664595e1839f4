/* A participant offers, gets an answer, and is recorded from the first packet on.
 *
 *   admit to the table -> row of the recording, live -> its file -> the worker joins -> log and event
 *
 * Who only listens sends nothing, so that there is nothing to record: the second and third step are left out.
 *
 * Whatever fails on the way is taken back: the leg leaves the table, the recording's row is marked failed. */
#include "src/app/internal.h"

#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "src/evidence/vault.h"
#include "src/store/guest_store.h"

void
kc_joined_call_clear(KcJoinedCall *joined)
{
    g_free(joined->leg_id);
    g_free(joined->answer);
    *joined = (KcJoinedCall){0};
}

typedef struct {
    KcApp *app;
    const KcPrincipal *who;
    const char *case_id;
    gint64 now_us;
    char *label; /* of the party */
    char *name;
    char *leg_id;
    char *replaced;
    gboolean listens;
    KcRecording *recording; /* NULL: who listens */
    guint8 key[KC_KEY_LEN];
    KcResult *result;
} JoinCall;

/* The o= session id and the first fingerprint: what tells one offer from another. NULL: this is no offer. */
static char *
offer_identity(const char *offer)
{
    g_auto(GStrv) lines = g_strsplit(offer, "\n", 64);
    const char *origin = NULL, *fingerprint = NULL;
    for (char **line = lines; *line != NULL; line++) {
        g_strchomp(*line);
        if (origin == NULL && g_str_has_prefix(*line, "o="))
            origin = *line + 2;
    }
    const char *at = strstr(offer, "a=fingerprint:");
    fingerprint = at != NULL ? at : "";
    if (origin == NULL)
        return NULL;
    g_auto(GStrv) words = g_strsplit(origin, " ", 4);
    if (g_strv_length(words) < 3)
        return NULL;
    gsize end = strcspn(fingerprint, "\r\n");
    return g_strdup_printf("%s %.*s", words[1], (int)MIN(end, 200), fingerprint);
}

/* Each section of sound or pictures only receives. */
static gboolean
is_silent(const char *offer)
{
    g_auto(GStrv) sections = g_strsplit(offer, "\nm=", -1);
    for (guint i = 1; sections[i] != NULL; i++) {
        gboolean media = g_str_has_prefix(sections[i], "audio ") || g_str_has_prefix(sections[i], "video ");
        gboolean receives = strstr(sections[i], "\na=recvonly") != NULL || strstr(sections[i], "\na=inactive") != NULL;
        gboolean sends = strstr(sections[i], "\na=send") != NULL;
        if (media && (sends || !receives))
            return FALSE;
    }
    return sections[0] != NULL && sections[1] != NULL;
}

static gboolean
check_listener(const JoinCall *self, const KcCaseRow *row)
{
    if (g_strcmp0(row->officer_id, self->who->user_id) == 0)
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "own-call", "This case is your own: join its call.");
    return !kc_call_table_is_empty(self->app->calls, self->case_id) ||
           kc_refuse(self->result, KC_RESULT_CONFLICT, "no-call", "Nobody is in this call now.");
}

static gboolean
check_case(KcTx *tx, gpointer data, GError **error)
{
    JoinCall *self = data;
    g_autoptr(KcCaseRow) row = NULL;
    KcAction action = self->listens ? KC_ACTION_LISTEN : KC_ACTION_JOIN_CALL;
    if (!kc_app_load_case(tx, self->who, action, self->case_id, &row, self->result, error) ||
        !kc_app_apply(row, KC_CASE_JOIN_CALL, NULL, self->now_us, self->result) ||
        (self->listens && !check_listener(self, row)))
        return FALSE;
    if (self->who->role != KC_ROLE_PARTY) {
        self->name = g_strdup(self->who->name);
        return TRUE;
    }
    g_autoptr(KcParty) party = NULL;
    if (!kc_party_store_get(tx, self->who->party_id, &party, error))
        return FALSE;
    self->label = g_strdup(party->label);
    self->name = g_strdup(party->name);
    return TRUE;
}

static gboolean
admit(JoinCall *self, const char *offer_id)
{
    KcLeg *leg = g_new0(KcLeg, 1);
    leg->leg_id = g_strdup(self->leg_id);
    leg->case_id = g_strdup(self->case_id);
    leg->object_id = g_strdup(self->recording != NULL ? self->recording->object->id : NULL);
    leg->listens = self->listens;
    leg->kind = kc_principal_kind(self->who);
    leg->guest_kind = kc_role_guest_kind(self->who->role);
    leg->participant_id = g_strdup(kc_principal_id(self->who));
    leg->name = g_strdup(self->name);
    leg->label = g_strdup(self->label);
    leg->offer_id = g_strdup(offer_id);
    leg->joined_us = self->now_us;
    KcLegAdmission admission = kc_call_table_admit(self->app->calls, leg);
    if (admission == KC_LEG_TAKEN)
        return TRUE;
    kc_leg_free(leg);
    switch (admission) {
    case KC_LEG_SAME_OFFER:
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "same-offer",
                         "This offer has been answered; a connection is never renegotiated, start a new one.");
    case KC_LEG_CALL_FULL:
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "call-full", "The call is full.");
    default:
        return kc_refuse(self->result, KC_RESULT_CONFLICT, "busy-elsewhere", "You are in a call of another case.");
    }
}

static void
make_recording(JoinCall *self)
{
    KcRecording *recording = self->recording = g_new0(KcRecording, 1);
    KcObject *object = recording->object = g_new0(KcObject, 1);
    object->id = g_strdup(kc_app_new_id(self->app).text);
    object->case_id = g_strdup(self->case_id);
    object->kind = g_strdup("recording");
    object->party_id = g_strdup(self->who->party_id);
    object->user_id = g_strdup(self->who->user_id);
    object->guest_id = g_strdup(self->who->guest_id);
    object->status = g_strdup("live");
    object->content_type = g_strdup("video/webm");
    object->created_us = self->now_us;
    recording->started_us = self->now_us;
    recording->gaps_json = g_strdup("[]");
}

static gboolean
insert_recording(KcTx *tx, gpointer data, GError **error)
{
    JoinCall *self = data;
    return kc_recording_store_insert(tx, self->recording, error) &&
           kc_object_store_key(tx, self->case_id, self->recording->object->id, self->key, error);
}

/* The file of the recording, locked for as long as it is open here or in the worker; -1 on failure. */
static int
open_recording_file(JoinCall *self, GError **error)
{
    KcApp *app = self->app;
    GError *local = NULL;
    self->recording->object->path = kc_app_object_new_path(app, self->case_id, self->recording->object->id, &local);
    if (self->recording->object->path == NULL) {
        kc_app_vault_failed(app, local, self->result, error);
        return -1;
    }
    if (!kc_app_write(app, insert_recording, self, self->result, error))
        return -1;
    g_autofree char *path = kc_app_object_path(app, self->recording->object->path);
    int fd = kc_vault_create(path, &local);
    if (fd >= 0)
        flock(fd, LOCK_EX | LOCK_NB);
    else
        kc_app_vault_failed(app, local, self->result, error);
    return fd;
}

static gboolean
refuse_by_worker(JoinCall *self, const KcMediaRefusal *refusal)
{
    static const struct {
        guint status;
        KcResultKind kind;
    } kinds[] = {
        {400, KC_RESULT_MALFORMED},
        {404, KC_RESULT_NOT_FOUND},
        {409, KC_RESULT_CONFLICT},
        {422, KC_RESULT_INVALID},
    };
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (kinds[i].status == refusal->status)
            return kc_refuse(self->result, kinds[i].kind, refusal->code, refusal->detail);
    }
    return kc_refuse_retry(self->result, KC_RESULT_UNAVAILABLE, refusal->code, refusal->detail, 2);
}

static gboolean
ask_worker(JoinCall *self, const char *offer, int fd, char **ret_answer)
{
    g_autoptr(KcLeg) leg = kc_call_table_find(self->app->calls, self->leg_id);
    g_auto(KcMediaJoined) joined = {0};
    g_auto(KcMediaRefusal) refusal = {0};
    if (leg == NULL)
        return kc_refuse_retry(self->result, KC_RESULT_UNAVAILABLE, "ended", "The call ended meanwhile.", 1);
    KcMediaJoin join = {
        .call_id = self->case_id,
        .leg_id = self->leg_id,
        .participant_kind = kc_principal_kind(self->who),
        .participant_id = kc_principal_id(self->who),
        .offer = offer,
        .object_id = self->recording != NULL ? self->recording->object->id : NULL,
        .object_key = self->key,
        .object_fd = fd,
        .epoch_us = leg->epoch_us,
    };
    if (!self->app->media.join(self->app->media.self, &join, &joined, &refusal))
        return refuse_by_worker(self, &refusal);
    *ret_answer = g_steal_pointer(&joined.answer);
    self->replaced = g_steal_pointer(&joined.replaced);
    return TRUE;
}

/* A guest may have been sent away while it was joining: then nobody has ended its leg yet. */
static gboolean
still_invited(JoinCall *self, KcTx *tx, GError **error)
{
    g_autoptr(KcGuest) guest = NULL;
    if (self->who->guest_id == NULL)
        return TRUE;
    if (!kc_guest_store_get(tx, self->who->guest_id, &guest, error))
        return FALSE;
    return (guest != NULL && guest->revoked_us == 0) ||
           kc_refuse(self->result, KC_RESULT_UNAUTHENTICATED, "link-revoked", "This invitation was taken back.");
}

static gboolean
log_join(const JoinCall *self, KcTx *tx, GError **error)
{
    const char *kind = self->listens ? "call.listening" : "call.joined";
    json_t *entry = json_pack("{s:s}", "leg_id", self->leg_id);
    if (self->recording != NULL) {
        json_object_set_new(entry, "recording_id", json_string(self->recording->object->id));
        json_object_set_new(entry, "segment", json_integer(self->recording->segment));
    }
    return kc_app_log(tx, self->who, self->case_id, kind, self->now_us, entry, error);
}

static gboolean
commit_join(KcTx *tx, gpointer data, GError **error)
{
    JoinCall *self = data;
    const char *participant = kc_principal_id(self->who), *kind = kc_principal_kind(self->who);
    json_t *event = json_pack("{s:s, s:b, s:{s:s, s:s}}", "leg_id", self->leg_id, "listens", self->listens,
                              "participant", "kind", kind, "id", participant);
    if (!still_invited(self, tx, error) || !log_join(self, tx, error)) {
        json_decref(event);
        return FALSE;
    }
    if (
        !kc_app_emit(tx, "call.joined", self->case_id, "case", NULL, self->now_us, event, error))
        return FALSE;
    if (self->who->party_id != NULL && !kc_party_store_seen(tx, self->who->party_id, self->now_us, error))
        return FALSE;
    if (self->replaced == NULL)
        return TRUE;
    json_t *replaced = json_pack("{s:s, s:s}", "leg_id", self->replaced, "by", self->leg_id);
    gboolean alone = self->who->guest_id == NULL; /* there are streams for one party or one user, none for one guest */
    return kc_app_emit(tx, "call.replaced", self->case_id, alone ? kind : "case", alone ? participant : NULL,
                       self->now_us, replaced, error);
}

static gboolean
drop_recording(KcTx *tx, gpointer data, GError **error)
{
    JoinCall *self = data;
    g_free(self->recording->object->status);
    self->recording->object->status = g_strdup("failed");
    self->recording->object->finished_us = self->now_us;
    return kc_recording_store_update(tx, self->recording, error) != KC_UPDATE_FAILED;
}

/* Nothing came of it. */
static void
take_back(JoinCall *self)
{
    KcApp *app = self->app;
    g_autoptr(GError) error = NULL;
    kc_leg_free(kc_call_table_remove(app->calls, self->leg_id));
    if (self->recording != NULL)
        kc_call_table_close_track(app->calls, self->recording->object->id);
    if (self->recording == NULL || self->recording->object->path == NULL)
        return;
    g_autofree char *path = kc_app_object_path(app, self->recording->object->path);
    /* First the row, as in kc_app_drop_object. */
    if (!kc_store_write(app->store, drop_recording, self, &error))
        g_warning("the recording of a call that did not begin stays marked as live: %s", error->message);
    else
        g_unlink(path);
}

static gboolean
connect_leg(JoinCall *self, const char *offer, char **ret_answer, GError **error)
{
    KcApp *app = self->app;
    int fd = -1;
    if (self->recording != NULL) {
        kc_call_table_open_track(app->calls, self->recording->object->id);
        fd = open_recording_file(self, error);
        if (fd < 0)
            return FALSE;
    }
    gboolean joined = ask_worker(self, offer, fd, ret_answer);
    if (fd >= 0)
        close(fd);
    if (!joined)
        return FALSE;
    kc_call_table_joined(app->calls, self->leg_id);
    if (self->replaced != NULL)
        kc_leg_free(kc_call_table_remove(app->calls, self->replaced));
    g_mutex_lock(&app->lock);
    app->calls_started++;
    g_mutex_unlock(&app->lock);
    if (kc_app_write(app, commit_join, self, self->result, error))
        return TRUE;
    app->media.leave(app->media.self, self->leg_id, "failed");
    return FALSE;
}

/* Who comes into a call that runs, or back into it, begins none. */
static KcDiskUse
use_of_disk(const JoinCall *self)
{
    return kc_call_table_is_empty(self->app->calls, self->case_id) ? KC_DISK_NEW : KC_DISK_RUNNING;
}

static gboolean
join_checked(JoinCall *self, const char *offer, KcJoinedCall *ret_joined, GError **error)
{
    KcApp *app = self->app;
    if (!kc_app_read(app, check_case, self, self->result, error))
        return FALSE;
    if (strlen(offer) > KC_LIMIT_SDP_BYTES)
        return kc_refuse(self->result, KC_RESULT_TOO_LARGE, "sdp-too-large", "The offer is larger than 64 KiB.");
    g_autofree char *offer_id = offer_identity(offer);
    if (offer_id == NULL)
        return kc_refuse(self->result, KC_RESULT_MALFORMED, "sdp-invalid", "This is no SDP offer.");
    if (self->listens && !is_silent(offer))
        return kc_refuse(self->result, KC_RESULT_INVALID, "not-silent",
                         "Who listens sends nothing: every section of the offer must be recvonly.");
    if (!app->has_media)
        return kc_refuse_retry(self->result, KC_RESULT_UNAVAILABLE, "no-media", "Calls can't be taken now.", 5);
    if (!kc_app_check_disk(app, use_of_disk(self), 0, self->result) || !admit(self, offer_id))
        return FALSE;
    g_autofree char *answer = NULL;
    if (!connect_leg(self, offer, &answer, error)) {
        take_back(self);
        return FALSE;
    }
    ret_joined->leg_id = g_strdup(self->leg_id);
    ret_joined->answer = g_steal_pointer(&answer);
    return TRUE;
}

static gboolean
join(JoinCall *self, const char *offer, KcJoinedCall *ret_joined, GError **error)
{
    self->leg_id = g_strdup(kc_app_new_id(self->app).text);
    gboolean done = join_checked(self, offer, ret_joined, error);
    kc_key_wipe(self->key, sizeof self->key);
    kc_recording_free(self->recording);
    g_free(self->leg_id);
    g_free(self->label);
    g_free(self->name);
    g_free(self->replaced);
    return done;
}

gboolean
kc_app_join_call(KcApp *app, const KcPrincipal *who, const char *case_id, const char *offer, KcJoinedCall *ret_joined,
                 KcResult *result, GError **error)
{
    JoinCall self = {.app = app, .who = who, .case_id = case_id, .now_us = kc_app_now(app), .result = result};
    make_recording(&self);
    return join(&self, offer, ret_joined, error);
}

gboolean
kc_app_listen_in(KcApp *app, const KcPrincipal *who, const char *case_id, const char *offer, KcJoinedCall *ret_joined,
                 KcResult *result, GError **error)
{
    JoinCall self = {
        .app = app, .who = who, .case_id = case_id, .now_us = kc_app_now(app), .listens = TRUE, .result = result};
    return join(&self, offer, ret_joined, error);
}
