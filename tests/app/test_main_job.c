/* The main job: from the roadside to a replayed recording. */
#include "tests/app/fixture.h"

#include <string.h>

/* Events come from a thread of the app, in order, after their commits. */
typedef struct {
    GMutex lock;
    GCond more;
    GHashTable *types;
} Seen;

static void
count_event(const KcEvent *event, gpointer data)
{
    Seen *seen = data;
    g_mutex_lock(&seen->lock);
    g_hash_table_add(seen->types, g_strdup(event->type));
    g_cond_signal(&seen->more);
    g_mutex_unlock(&seen->lock);
}

static gboolean
seen_within(Seen *seen, const char *type, gint64 within_us)
{
    g_mutex_lock(&seen->lock);
    gint64 until = g_get_monotonic_time() + within_us;
    while (!g_hash_table_contains(seen->types, type) && g_cond_wait_until(&seen->more, &seen->lock, until))
        ;
    gboolean found = g_hash_table_contains(seen->types, type);
    g_mutex_unlock(&seen->lock);
    return found;
}

static char *
take_snapshot(Fixture *fixture, const Scene *scene)
{
    g_autoptr(KcStillView) still = NULL;
    assert_done(
        kc_app_snapshot(fixture->app, scene->officer, scene->id, &(KcNewSnapshot){.party_id = scene->party_id}, &still, &result, &error));
    ck_assert_str_eq(still->kind, "snapshot");
    ck_assert_int_eq(still->width, 1280);
    return g_strdup(still->id);
}

static void
sign(Fixture *fixture, const Scene *scene, const KcDocumentView *document)
{
    g_autoptr(GBytes) png = fixture_png();
    g_autoptr(KcSignatureView) signature = NULL;
    g_autoptr(KcCaseView) after = NULL;
    KcSignDocument request = {KC_DECISION_SIGNED, png, NULL, "00", NULL};
    assert_refused(kc_app_sign_document(fixture->app, scene->party, scene->id, document->document->id, &request,
                                        &signature, &after, &result, &error),
                   KC_RESULT_CONFLICT, "other-text");
    request.document_sha256 = document->document->sha256;
    assert_done(kc_app_sign_document(fixture->app, scene->party, scene->id, document->document->id, &request,
                                     &signature, &after, &result, &error));
    ck_assert_str_eq(after->row->state, "served");
    ck_assert_str_eq(signature->label, "A");
    g_autoptr(KcSignatureView) second = NULL;
    g_autoptr(KcCaseView) unused = NULL;
    assert_refused(kc_app_sign_document(fixture->app, scene->party, scene->id, document->document->id, &request,
                                        &second, &unused, &result, &error),
                   KC_RESULT_CONFLICT, "decided");
    g_autoptr(KcObjectReader) reader = NULL;
    g_autoptr(KcPrincipal) auditor = fixture_staff(fixture, "auditor");
    assert_done(kc_app_open_signature(fixture->app, auditor, scene->id, signature->signature->object_id, &reader,
                                      &result, &error));
    ck_assert_int_eq(kc_object_reader_size(reader), g_bytes_get_size(png));
}

/* What was issued on paper: sealed with the case, unchanged by what comes after, and written into the log. */
static void
read_pdf(Fixture *fixture, const Scene *scene, const KcDocumentRow *issued)
{
    g_auto(KcDocumentPdf) original = {NULL};
    g_auto(KcDocumentPdf) copy = {NULL};
    g_auto(KcDocumentPdf) of_guest = {NULL};
    g_autoptr(KcPrincipal) intake = fixture_staff(fixture, "intake");
    assert_done(kc_app_get_document_pdf(fixture->app, scene->officer, scene->id, issued->id, TRUE, &original, &result,
                                        &error));
    assert_done(
        kc_app_get_document_pdf(fixture->app, scene->officer, scene->id, issued->id, FALSE, &copy, &result, &error));
    assert_done(
        kc_app_get_document_pdf(fixture->app, intake, scene->id, issued->id, FALSE, &of_guest, &result, &error));
    ck_assert_str_eq(original.sha256, issued->pdf_sha256);
    ck_assert(!original.is_copy && copy.is_copy);
    ck_assert_str_ne(copy.sha256, original.sha256);
    /* Who may not see signatures has the original. */
    ck_assert(!of_guest.is_copy);
    ck_assert_str_eq(of_guest.sha256, original.sha256);
    ck_assert_str_eq(original.number, issued->number);
    g_auto(KcDocumentPdf) none = {NULL};
    assert_refused(kc_app_get_document_pdf(fixture->app, scene->officer, scene->id, scene->id, FALSE, &none, &result,
                                           &error),
                   KC_RESULT_NOT_FOUND, "document-unknown");
}

static void
replay(Fixture *fixture, const Scene *scene, guint wanted)
{
    g_autoptr(KcPrincipal) auditor = fixture_staff(fixture, "auditor");
    g_autoptr(GPtrArray) recordings = NULL;
    assert_done(kc_app_list_recordings(fixture->app, auditor, scene->id, &recordings, &result, &error));
    ck_assert_uint_eq(recordings->len, wanted);
    /* Both began in the same moment of the test's clock. */
    const KcRecordingView *first = recordings->pdata[0];
    if (first->party_id == NULL)
        first = recordings->pdata[1];
    ck_assert_str_eq(first->label, "A");
    ck_assert_str_eq(first->status, "complete");
    ck_assert_int_eq(first->duration_ms, 3000);
    g_autoptr(KcObjectReader) reader = NULL;
    assert_done(kc_app_open_recording(fixture->app, auditor, first->id, &reader, &result, &error));
    guint8 head[4];
    ck_assert(kc_object_reader_read(reader, 0, head, sizeof head, NULL));
    ck_assert(memcmp(head, "\x1A\x45\xDF\xA3", 4) == 0);
    ck_assert_str_eq(kc_object_reader_content_type(reader), "video/webm; codecs=\"vp8, opus\"");
    g_auto(KcRecordingIndex) index = {0};
    assert_done(kc_app_recording_index(fixture->app, auditor, first->id, &index, &result, &error));
    ck_assert_uint_ge(index.keyframes->len, 3);
    KcKeyframe last = g_array_index(index.keyframes, KcKeyframe, index.keyframes->len - 1);
    ck_assert(kc_object_reader_read(reader, last.offset, head, sizeof head, NULL));
    ck_assert_msg(memcmp(head, "\x1F\x43\xB6\x75", 4) == 0, "a keyframe's offset is not that of a Cluster");
}

/* Of who looked just now, while nobody else has the file: only then would its next range wait for nothing. */
static void
be_at_hand(Fixture *fixture, const Scene *scene)
{
    g_autoptr(KcPrincipal) auditor = fixture_staff(fixture, "auditor"), other = fixture_staff(fixture, "auditor");
    g_autoptr(GPtrArray) recordings = NULL;
    assert_done(kc_app_list_recordings(fixture->app, auditor, scene->id, &recordings, &result, &error));
    /* The officer's, which nobody has opened yet. */
    const KcRecordingView *first = recordings->pdata[0], *second = recordings->pdata[1];
    const char *id = first->party_id == NULL ? first->id : second->id;
    ck_assert(!kc_app_recording_is_at_hand(fixture->app, auditor, id));
    KcObjectReader *reader = NULL;
    assert_done(kc_app_open_recording(fixture->app, auditor, id, &reader, &result, &error));
    ck_assert(!kc_app_recording_is_at_hand(fixture->app, auditor, id));
    kc_object_reader_free(reader);
    ck_assert(kc_app_recording_is_at_hand(fixture->app, auditor, id));
    ck_assert(!kc_app_recording_is_at_hand(fixture->app, other, id));
    ck_assert(!kc_app_recording_is_at_hand(fixture->app, auditor, scene->id));
    fixture->now_us += 16 * G_TIME_SPAN_MINUTE;
    ck_assert(!kc_app_recording_is_at_hand(fixture->app, auditor, id));
}

static guint
count_kind(GPtrArray *items, const char *kind)
{
    guint count = 0;
    for (guint i = 0; i < items->len; i++)
        count += strcmp(((KcTimelineItem *)items->pdata[i])->kind, kind) == 0;
    return count;
}

static void
check_timeline(Fixture *fixture, const Scene *scene)
{
    static const char *const kinds[] = {
        "case.opened",    "case.queued",           "case.claimed",      "call.joined",     "recording.started",
        "still.created",  "determination.drafted", "document.issued",   "document.viewed", "document.signed",
        "case.evacuated", "case.closed",           "recording.finished"};
    g_autoptr(KcPrincipal) auditor = fixture_staff(fixture, "auditor");
    g_autoptr(GPtrArray) items = NULL;
    assert_done(kc_app_timeline(fixture->app, auditor, scene->id, &items, &result, &error));
    for (guint i = 0; i < G_N_ELEMENTS(kinds); i++)
        ck_assert_msg(count_kind(items, kinds[i]) > 0, "%s is not in the timeline", kinds[i]);
    ck_assert_uint_eq(count_kind(items, "recording.viewed"), 1);
    for (guint i = 0; i < items->len; i++) {
        const KcTimelineItem *item = items->pdata[i];
        ck_assert_msg(strstr(item->data_json, "13800000000") == NULL, "personal data in the log");
        ck_assert_msg(strstr(item->data_json, "H12345") == NULL, "personal data in the log");
    }
}

START_TEST(from_the_roadside_to_the_replay)
{
    Fixture fixture;
    Scene scene;
    Seen seen = {.types = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    fixture_open(&fixture);
    guint subscription = kc_app_subscribe(fixture.app, count_event, &seen);
    scene_call(&fixture, &scene);
    kc_fake_media_record(fixture.media, scene.party_leg, 3);
    kc_fake_media_record(fixture.media, scene.officer_leg, 2);

    g_autofree char *still_id = take_snapshot(&fixture, &scene);
    g_autoptr(KcCaseView) fixed = fixture_case(&fixture, scene.officer, scene.id);
    ck_assert_str_eq(fixed->row->state, "evidence_fixed");
    ck_assert_uint_eq(fixed->stills->len, 1);
    ck_assert_uint_eq(fixed->participants->len, 2);

    g_autoptr(KcDetermination) draft = fixture_draft(&scene, still_id);
    g_autoptr(KcCaseView) drafted = NULL;
    g_autoptr(GPtrArray) missing = NULL;
    assert_done(kc_app_put_determination(fixture.app, scene.officer, scene.id, fixed->row->version, draft, &drafted,
                                         &missing, &result, &error));
    for (guint i = 0; i < missing->len; i++)
        ck_abort_msg("missing: %s", ((KcFinding *)missing->pdata[i])->message_en);
    g_autoptr(KcCaseView) hidden = fixture_case(&fixture, scene.party, scene.id);
    ck_assert_msg(hidden->determination == NULL, "a party sees the draft");

    g_autoptr(KcDocumentView) issued = NULL;
    assert_done(kc_app_issue_determination(fixture.app, scene.officer, scene.id, 0, &issued, &result, &error));
    g_autoptr(KcDocumentView) read = NULL;
    assert_done(kc_app_get_document(fixture.app, scene.party, scene.id, issued->document->id, &read, &result, &error));
    ck_assert_str_eq(read->document->text, issued->document->text);
    ck_assert(strstr(read->document->text, "陕H12345") != NULL);
    sign(&fixture, &scene, issued);
    read_pdf(&fixture, &scene, issued->document);

    g_autoptr(KcCaseView) evacuated = NULL;
    g_autoptr(KcCaseView) early = NULL;
    assert_done(kc_app_evacuate(fixture.app, scene.officer, scene.id, 0, NULL, &evacuated, &result, &error));
    ck_assert(evacuated->row->evacuated_us != 0);
    assert_refused(kc_app_close_case(fixture.app, scene.officer, scene.id, 0, &(KcCloseCase){"3"}, &early, &result, &error),
                   KC_RESULT_INVALID, "invalid");
    g_autoptr(KcCaseView) closed = NULL;
    assert_done(kc_app_close_case(fixture.app, scene.officer, scene.id, 0, &(KcCloseCase){"2"}, &closed, &result, &error));
    ck_assert_str_eq(closed->row->state, "closed");

    static const char *const types[] = {"case.created",    "case.updated",    "queue.changed",
                                        "call.joined",     "call.media",      "still.created",
                                        "document.issued", "document.signed", "case.evacuate"};
    for (guint i = 0; i < G_N_ELEMENTS(types); i++)
        ck_assert_msg(seen_within(&seen, types[i], 5 * G_USEC_PER_SEC), "no event %s", types[i]);

    /* Everything the media plane still had to say is said when the service has stopped. */
    kc_app_unsubscribe(fixture.app, subscription);
    fixture_restart(&fixture);
    replay(&fixture, &scene, 2);
    check_timeline(&fixture, &scene);
    be_at_hand(&fixture, &scene);
    scene_clear(&scene);
    fixture_close(&fixture);
    g_hash_table_unref(seen.types);
}
END_TEST

static Suite *
main_job_suite(void)
{
    Suite *suite = suite_create("app/main-job");
    TCase *tests = tcase_create("main-job");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, from_the_roadside_to_the_replay);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(main_job_suite())
