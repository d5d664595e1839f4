#include "tests/fault/life.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "src/app/public_log.h"
#include "src/base/timestamp.h"
#include "tests/fault/fault.h"

#define RECORDED_S 2
#define KEY(name) (&(KcIdempotency){name, "00"})

/* ---- the service ---- */

static gint64
now_of(gpointer data)
{
    return ((Fixture *)data)->now_us;
}

static gint64
free_of(const char *dir, gpointer data)
{
    return ((Fixture *)data)->free_bytes;
}

static KcApp *
open_app(Fixture *fixture, GError **error)
{
    KcAppOptions options = {
        .purpose_asked = TRUE,
        .data_dir = fixture->dir,
        .text_only = TRUE,
        .media = kc_fake_media_port(fixture->media),
        .demo = TRUE,
        .now_us = now_of,
        .free_bytes = free_of,
        .clock_data = fixture,
        .password_cost = KC_PASSWORD_COST_TEST,
    };
    return kc_app_new(&options, error);
}

/* Copies are made with the umask's mode, and keys must be private. */
static void
make_private(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, "keys", name, NULL);
    g_chmod(path, 0600);
}

void
life_begin(Life *life, const char *copy_of)
{
    *life = (Life){.fixture = {.free_bytes = G_GINT64_CONSTANT(1) << 40, .text_only = TRUE}};
    life->fixture.dir = copy_of != NULL ? kc_test_dir_copy(copy_of, NULL, NULL, NULL) : kc_test_dir_new();
    make_private(life->fixture.dir, "master.key");
    make_private(life->fixture.dir, "case-keys");
    make_private(life->fixture.dir, "signing.key");
    ck_assert(kc_timestamp_parse("2026-11-23T08:00:00Z", &life->fixture.now_us));
}

gboolean
life_open(Life *life, GError **error)
{
    life->fixture.media = kc_fake_media_new();
    life->fixture.app = open_app(&life->fixture, error);
    if (life->fixture.app == NULL)
        g_clear_pointer(&life->fixture.media, kc_fake_media_free);
    return life->fixture.app != NULL;
}

void
life_stop(Life *life)
{
    if (life->fixture.app != NULL)
        kc_app_wait_idle(life->fixture.app);
    g_clear_pointer(&life->fixture.app, kc_app_free);
    g_clear_pointer(&life->fixture.media, kc_fake_media_free);
}

void
life_end(Life *life)
{
    life_stop(life);
    scene_clear(&life->scene);
    kc_test_dir_remove(life->fixture.dir);
}

/* ---- the steps ---- */

#define COPY(to, from) g_strlcpy(to, from, sizeof(to))

static gboolean
open_case(Life *life, KcResult *result, GError **error)
{
    g_autoptr(KcPrincipal) nobody = kc_principal_new_anonymous("198.51.100.7");
    g_auto(KcOpenedCase) opened = {0};
    KcOpenCase request = fixture_request();
    request.idempotency = KEY("open");
    if (!kc_app_open_case(life->fixture.app, nobody, &request, &opened, result, error))
        return FALSE;
    life->scene.id = g_strdup(opened.view->row->id);
    life->scene.party_id = g_strdup(opened.party_id);
    COPY(life->acked.case_id, opened.view->row->id);
    COPY(life->acked.token, opened.token);
    return TRUE;
}

static gboolean
sign_in(Life *life, KcResult *result, GError **error)
{
    KcSignedIn signed_in = {0};
    if (life->scene.party == NULL &&
        !kc_app_authenticate(life->fixture.app, life->acked.token, "198.51.100.7", &life->scene.party, result, error))
        return FALSE;
    if (!kc_app_sign_in(life->fixture.app, "officer", "kuaichu-demo", "192.0.2.1", &signed_in, result, error))
        return FALSE;
    COPY(life->acked.officer_token, signed_in.token);
    g_free(signed_in.token);
    life->scene.officer = signed_in.principal;
    return TRUE;
}

static gboolean
join_queue(Life *life, KcResult *result, GError **error)
{
    KcQueuePlace place;
    return kc_app_join_queue(life->fixture.app, life->scene.party, life->scene.id, &place, result, error);
}

static gboolean
claim(Life *life, KcResult *result, GError **error)
{
    g_autoptr(KcCaseView) view = NULL;
    return kc_app_claim_case(life->fixture.app, life->scene.officer, life->scene.id, 0, &view, result, error);
}

static gboolean
join_as(Life *life, const KcPrincipal *who, char **leg_id, KcResult *result, GError **error)
{
    g_autofree char *number = g_strdup_printf("%u", 1000 + life->joins++);
    g_autofree char *offer = kc_fake_media_offer(number);
    g_auto(KcJoinedCall) joined = {0};
    if (!kc_app_join_call(life->fixture.app, who, life->scene.id, offer, &joined, result, error))
        return FALSE;
    kc_fake_media_connect(life->fixture.media, joined.leg_id);
    g_free(*leg_id);
    *leg_id = g_steal_pointer(&joined.leg_id);
    return TRUE;
}

static gboolean
join(Life *life, KcResult *result, GError **error)
{
    return join_as(life, life->scene.party, &life->scene.party_leg, result, error) &&
           join_as(life, life->scene.officer, &life->scene.officer_leg, result, error);
}

static const char *
track_of(Life *life)
{
    g_autoptr(GPtrArray) participants = NULL, slots = NULL;
    g_auto(KcResult) result = {0};
    if (!kc_app_call_status(life->fixture.app, life->scene.party, life->scene.id, &participants, &slots, &result, NULL))
        return "unknown";
    for (guint i = 0; i < participants->len; i++) {
        const KcParticipantView *one = participants->pdata[i];
        if (strcmp(one->leg_id, life->scene.party_leg) == 0)
            return one->recording;
    }
    return "gone";
}

/* A recording that failed is seen to have failed; the phone then joins again, as its page does. */
static gboolean
record(Life *life, KcResult *result, GError **error)
{
    if (strcmp(track_of(life), "live") != 0 && !join_as(life, life->scene.party, &life->scene.party_leg, result, error))
        return FALSE;
    kc_fake_media_record(life->fixture.media, life->scene.party_leg, RECORDED_S);
    const char *track = track_of(life);
    if (strcmp(track, "live") == 0) {
        life->acked.durable_ms = RECORDED_S * 1000;
        return TRUE;
    }
    g_set_error(error, KC_APP_ERROR, KC_APP_ERROR_EVIDENCE, "the recording is %s", track);
    return FALSE;
}

static gboolean
add_photo(Life *life, KcResult *result, GError **error)
{
    g_autoptr(KcStillView) still = NULL;
    g_autoptr(GBytes) png = fixture_png();
    const KcNewPhoto photo = {.image = png, .idempotency = KEY("photo")};
    if (!kc_app_add_photo(life->fixture.app, life->scene.party, life->scene.id, &photo, &still, result, error))
        return FALSE;
    COPY(life->acked.photo_id, still->id);
    return TRUE;
}

static gboolean
take_still(Life *life, KcResult *result, GError **error)
{
    g_autoptr(KcStillView) still = NULL;
    const KcNewSnapshot snapshot = {.party_id = life->scene.party_id, .idempotency = KEY("still")};
    if (!kc_app_snapshot(life->fixture.app, life->scene.officer, life->scene.id, &snapshot, &still, result, error))
        return FALSE;
    COPY(life->acked.still_id, still->id);
    return TRUE;
}

static gboolean
put_draft(Life *life, KcResult *result, GError **error)
{
    g_autoptr(KcDetermination) draft = fixture_draft(&life->scene, life->acked.still_id);
    g_autoptr(KcCaseView) drafted = NULL;
    g_autoptr(GPtrArray) missing = NULL;
    return kc_app_put_determination(life->fixture.app, life->scene.officer, life->scene.id, 0, draft, &drafted,
                                    &missing, result, error);
}

static gboolean
issue(Life *life, KcResult *result, GError **error)
{
    g_autoptr(KcDocumentView) issued = NULL;
    if (!kc_app_issue_determination(life->fixture.app, life->scene.officer, life->scene.id, 0, &issued, result, error))
        return FALSE;
    COPY(life->acked.document_id, issued->document->id);
    COPY(life->acked.sha256, issued->document->sha256);
    return TRUE;
}

static gboolean
sign(Life *life, KcResult *result, GError **error)
{
    g_autoptr(GBytes) png = fixture_png();
    g_autoptr(KcSignatureView) signature = NULL;
    g_autoptr(KcCaseView) after = NULL;
    KcSignDocument request = {KC_DECISION_SIGNED, png, NULL, life->acked.sha256, NULL};
    if (!kc_app_sign_document(life->fixture.app, life->scene.party, life->scene.id, life->acked.document_id, &request,
                              &signature, &after, result, error))
        return FALSE;
    COPY(life->acked.signature_id, signature->signature->object_id);
    return TRUE;
}

static gboolean
publish(Life *life, KcResult *result, GError **error)
{
    g_autofree char *note = NULL;
    if (!kc_app_publish_checkpoint(life->fixture.app, error) ||
        !kc_app_get_checkpoint(life->fixture.app, &note, result, error))
        return FALSE;
    COPY(life->acked.checkpoint, note);
    return TRUE;
}

static gboolean
close_case(Life *life, KcResult *result, GError **error)
{
    g_autoptr(KcCaseView) evacuated = NULL, closed = NULL;
    return kc_app_evacuate(life->fixture.app, life->scene.officer, life->scene.id, 0, NULL, &evacuated, result,
                           error) &&
           kc_app_close_case(life->fixture.app, life->scene.officer, life->scene.id, 0, &(KcCloseCase){"2"}, &closed,
                             result, error);
}

static const struct {
    const char *name;
    gboolean (*run)(Life *life, KcResult *result, GError **error);
} steps[LIFE_STEPS] = {
    [LIFE_CASE] = {"open", open_case},    [LIFE_SIGN_IN] = {"sign in", sign_in},
    [LIFE_QUEUE] = {"queue", join_queue}, [LIFE_CLAIM] = {"claim", claim},
    [LIFE_JOIN] = {"join", join},         [LIFE_RECORD] = {"record", record},
    [LIFE_PHOTO] = {"photo", add_photo},  [LIFE_STILL] = {"still", take_still},
    [LIFE_DRAFT] = {"draft", put_draft},  [LIFE_ISSUE] = {"issue", issue},
    [LIFE_SIGN] = {"sign", sign},         [LIFE_CHECKPOINT] = {"publish", publish},
    [LIFE_CLOSE] = {"close", close_case},
};

/* A full disk is said to be full; everything else is a fault of the service, or a wish to come again. */
static void
assert_honest(const char *step, const KcResult *result, const GError *error)
{
    if (error != NULL)
        return;
    ck_assert_msg(result->kind == KC_RESULT_DISK_FULL || result->kind == KC_RESULT_UNAVAILABLE,
                  "%s: a fault is told as %s", step, result->code);
}

/* Done before, though the answer was lost. */
static gboolean
was_done(const KcResult *result)
{
    return result->kind == KC_RESULT_STATE || result->kind == KC_RESULT_CONFLICT;
}

static void
acknowledge(Life *life, guint step)
{
    life->acked.done[step] = TRUE;
    if (life->on_acked != NULL)
        life->on_acked(life->data);
}

static void
retry(Life *life, guint step)
{
    g_autoptr(GError) error = NULL;
    g_auto(KcResult) result = {0};
    life->faults++;
    fault_clear();
    kc_app_wait_idle(life->fixture.app);
    if (!kc_app_housekeep(life->fixture.app, &error))
        ck_abort_msg("housekeeping after %s: %s", steps[step].name, error->message);
    kc_app_wait_idle(life->fixture.app);
    if (steps[step].run(life, &result, &error))
        acknowledge(life, step);
    else if (error != NULL)
        ck_abort_msg("%s fails after the fault is gone: %s", steps[step].name, error->message);
    else
        ck_assert_msg(was_done(&result), "%s is refused after the fault is gone: %s", steps[step].name, result.code);
}

void
life_run(Life *life)
{
    for (guint i = 0; i < LIFE_STEPS; i++) {
        g_autoptr(GError) error = NULL;
        g_auto(KcResult) result = {0};
        life->fixture.now_us += 6 * G_USEC_PER_SEC;
        if (steps[i].run(life, &result, &error)) {
            acknowledge(life, i);
            continue;
        }
        assert_honest(steps[i].name, &result, error);
        retry(life, i);
    }
}

/* ---- what is there ---- */

typedef struct {
    const LifeAcked *acked;
    Fixture fixture;
    const char *when;
    KcPrincipal *auditor;
} Look;

#define look_done(look, call)                                                                                          \
    do {                                                                                                               \
        g_auto(KcResult) result = {0};                                                                                 \
        g_autoptr(GError) error = NULL;                                                                                \
        gboolean done = call;                                                                                          \
        ck_assert_msg(done, "%s: " #call ": %s", (look)->when, error != NULL ? error->message : result.code);          \
    } while (0)

static void
look_at_log(const Look *look)
{
    g_auto(KcLogVerdict) verdict = {0};
    const char *held = look->acked->done[LIFE_CHECKPOINT] ? look->acked->checkpoint : NULL;
    look_done(look, kc_app_verify_log(look->fixture.app, held, &verdict, &result, &error));
    ck_assert_msg(verdict.problem == NULL, "%s: %s", look->when, verdict.problem);
}

static void
look_at_database(const Look *look)
{
    g_autofree char *path = g_build_filename(look->fixture.dir, "kuaichu.db", NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &stmt, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
    ck_assert_msg(strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") == 0, "%s: %s", look->when,
                  sqlite3_column_text(stmt, 0));
    sqlite3_finalize(stmt);
    ck_assert_int_eq(sqlite3_prepare_v2(db, "PRAGMA foreign_key_check", -1, &stmt, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(stmt), SQLITE_DONE);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
}

static void
look_at_picture(const Look *look, const char *id, gboolean is_signature)
{
    g_autoptr(KcObjectReader) reader = NULL;
    KcApp *app = look->fixture.app;
    const char *case_id = look->acked->case_id;
    if (is_signature)
        look_done(look, kc_app_open_signature(app, look->auditor, case_id, id, &reader, &result, &error));
    else
        look_done(look, kc_app_open_still(app, look->auditor, case_id, id, &reader, &result, &error));
    gint64 size = kc_object_reader_size(reader);
    g_autofree guint8 *bytes = g_malloc((gsize)size);
    g_autoptr(GError) error = NULL;
    ck_assert_msg(kc_object_reader_read(reader, 0, bytes, (gsize)size, &error), "%s: %s", look->when, error->message);
    g_autofree char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, (gsize)size);
    ck_assert_str_eq(sum, kc_object_reader_sha256(reader));
}

/* Every recording has come to its end, and every one that has one reads as it says. */
static void
look_at_recordings(const Look *look)
{
    gint64 longest_ms = 0;
    g_autoptr(GPtrArray) recordings = NULL;
    look_done(look, kc_app_list_recordings(look->fixture.app, look->auditor, look->acked->case_id, &recordings, &result,
                                           &error));
    for (guint i = 0; i < recordings->len; i++) {
        const KcRecordingView *one = recordings->pdata[i];
        g_autoptr(KcObjectReader) reader = NULL;
        ck_assert_msg(strcmp(one->status, "live") != 0, "%s: a recording is still live", look->when);
        ck_assert_msg(strcmp(one->status, "failed") != 0 || one->bytes == 0, "%s: a recording that is there is failed",
                      look->when);
        look_done(look, kc_app_open_recording(look->fixture.app, look->auditor, one->id, &reader, &result, &error));
        gint64 size = kc_object_reader_size(reader);
        g_autofree guint8 *bytes = g_malloc((gsize)size);
        g_autoptr(GError) error = NULL;
        ck_assert_msg(kc_object_reader_read(reader, 0, bytes, (gsize)size, &error), "%s: %s", look->when,
                      error->message);
        longest_ms = MAX(longest_ms, one->duration_ms);
    }
    ck_assert_msg(longest_ms >= look->acked->durable_ms, "%s: %d ms of %d are left of a recording", look->when,
                  (int)longest_ms, (int)look->acked->durable_ms);
}

static void
look_at_case(const Look *look)
{
    const LifeAcked *acked = look->acked;
    g_autoptr(KcCaseView) view = NULL;
    g_autoptr(KcPrincipal) party = NULL;
    KcApp *app = look->fixture.app;
    look_done(look, kc_app_get_case(app, look->auditor, acked->case_id, &view, &result, &error));
    look_done(look, kc_app_authenticate(app, acked->token, "198.51.100.7", &party, &result, &error));
    const char *state = view->row->state;
    ck_assert_msg(!acked->done[LIFE_QUEUE] || strcmp(state, "triaged") != 0, "%s: %s", look->when, state);
    ck_assert_msg(!acked->done[LIFE_CLAIM] || strcmp(state, "waiting") != 0, "%s: %s", look->when, state);
    ck_assert_msg(!acked->done[LIFE_CLOSE] || strcmp(state, "closed") == 0, "%s: %s", look->when, state);
    if (acked->done[LIFE_PHOTO])
        look_at_picture(look, acked->photo_id, FALSE);
    if (acked->done[LIFE_STILL])
        look_at_picture(look, acked->still_id, FALSE);
    if (acked->done[LIFE_SIGN])
        look_at_picture(look, acked->signature_id, TRUE);
    look_at_recordings(look);
    if (!acked->done[LIFE_ISSUE])
        return;
    g_autoptr(KcDocumentView) document = NULL;
    look_done(look,
              kc_app_get_document(app, look->auditor, acked->case_id, acked->document_id, &document, &result, &error));
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, document->document->text, -1);
    ck_assert_str_eq(sum, acked->sha256);
}

static void
look_for_staff(Look *look)
{
    KcSignedIn signed_in = {0};
    look_done(look,
              kc_app_sign_in(look->fixture.app, "auditor", "kuaichu-demo", "192.0.2.1", &signed_in, &result, &error));
    g_free(signed_in.token);
    look->auditor = signed_in.principal;
    if (!look->acked->done[LIFE_SIGN_IN])
        return;
    g_autoptr(KcPrincipal) again = NULL;
    look_done(look,
              kc_app_authenticate(look->fixture.app, look->acked->officer_token, "192.0.2.1", &again, &result, &error));
}

void
life_check(const LifeAcked *acked, const char *folder, const char *when)
{
    g_autoptr(GError) error = NULL;
    Look look = {.acked = acked, .when = when};
    look.fixture = (Fixture){.dir = (char *)folder, .free_bytes = G_GINT64_CONSTANT(1) << 40};
    ck_assert(kc_timestamp_parse("2026-11-23T09:00:00Z", &look.fixture.now_us));
    look.fixture.media = kc_fake_media_new();
    look.fixture.app = open_app(&look.fixture, &error);
    ck_assert_msg(look.fixture.app != NULL, "%s: does not start: %s", when, error != NULL ? error->message : "");
    kc_app_wait_idle(look.fixture.app);
    look_at_log(&look);
    if (acked->done[LIFE_CASE]) {
        look_for_staff(&look);
        look_at_case(&look);
    }
    look_at_log(&look);
    kc_app_free(look.fixture.app);
    kc_fake_media_free(look.fixture.media);
    kc_principal_free(look.auditor);
    look_at_database(&look);
}
