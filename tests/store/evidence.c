/* Objects, recordings, determinations, documents, signatures. */
#include "src/store/determination_store.h"
#include "src/store/document_store.h"
#include "src/store/object_store.h"
#include "tests/store/fixture.h"

#include <string.h>

#define DOCUMENT "01935cd1-7f00-7000-8000-0000000000d1"
#define STILL "01935cd1-7f00-7000-8000-0000000000e1"
#define TRACK "01935cd1-7f00-7000-8000-0000000000e2"
#define NEXT_TRACK "01935cd1-7f00-7000-8000-0000000000e3"

static void
setup(void)
{
    fixture_setup();
    fixture_write(fixture_rows, NULL);
}

static KcObject
still_object(void)
{
    return (KcObject){.id = (char *)STILL,
                      .case_id = (char *)FIXTURE_CASE,
                      .kind = (char *)"still",
                      .party_id = (char *)FIXTURE_PARTY,
                      .path = (char *)"c1/e1.kcv",
                      .status = (char *)"complete",
                      .sha256 = (char *)FIXTURE_SHA256,
                      .size_bytes = 1000,
                      .content_type = (char *)"image/jpeg",
                      .meta_json = (char *)"{\"shot\":\"front\"}",
                      .created_us = FIXTURE_NOW_US,
                      .finished_us = FIXTURE_NOW_US};
}

static KcRecording
track(const char *id, const char *path)
{
    KcRecording recording = {.object = g_new0(KcObject, 1)};
    recording.object->id = g_strdup(id);
    recording.object->case_id = g_strdup(FIXTURE_CASE);
    recording.object->kind = g_strdup("recording");
    recording.object->party_id = g_strdup(FIXTURE_PARTY);
    recording.object->path = g_strdup(path);
    recording.object->status = g_strdup("live");
    recording.object->content_type = g_strdup("video/webm");
    recording.object->created_us = FIXTURE_NOW_US;
    return recording;
}

static gboolean
insert_objects(KcTx *tx, gpointer unused, GError **error)
{
    KcObject still = still_object();
    KcRecording first = track(TRACK, "c1/e2.kcv"), second = track(NEXT_TRACK, "c1/e3.kcv");
    gboolean ok = kc_object_store_insert(tx, &still, error) && kc_recording_store_insert(tx, &first, error) &&
                  kc_recording_store_insert(tx, &second, error);
    ck_assert_int_eq(first.segment, 1);
    ck_assert_int_eq(second.segment, 2);
    kc_object_free(first.object);
    kc_object_free(second.object);
    return ok;
}

static gboolean
finish_track(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcRecording) recording = NULL;
    if (!kc_recording_store_get(tx, TRACK, &recording, error))
        return FALSE;
    ck_assert_str_eq(recording->gaps_json, "[]");
    g_free(recording->object->status);
    g_free(recording->gaps_json);
    recording->object->status = g_strdup("recovered");
    recording->object->sha256 = g_strdup(FIXTURE_SHA256);
    recording->object->size_bytes = 123456;
    recording->object->finished_us = FIXTURE_NOW_US + 9000000;
    recording->gaps_json = g_strdup("[[100,200]]");
    recording->duration_ms = 9000;
    recording->has_video = TRUE;
    recording->width = 1280;
    recording->height = 720;
    recording->chunks = 9;
    return kc_recording_store_update(tx, recording, error) == KC_UPDATE_DONE;
}

static gboolean
check_objects(KcTx *tx, gpointer unused, GError **error)
{
    static const char *const stills[] = {"still", "photo", NULL};
    gint64 count = 0;
    guint8 key[KC_KEY_LEN], other[KC_KEY_LEN];
    g_autoptr(GPtrArray) live = kc_recording_store_list_live(tx, error);
    g_autoptr(GPtrArray) live_objects = kc_object_store_list_live(tx, error);
    g_autoptr(GPtrArray) all = kc_recording_store_list(tx, FIXTURE_CASE, error);
    g_autoptr(GPtrArray) pictures = kc_object_store_list(tx, FIXTURE_CASE, stills, error);
    ck_assert_uint_eq(live->len, 1);
    ck_assert_str_eq(((KcRecording *)g_ptr_array_index(live, 0))->object->id, NEXT_TRACK);
    ck_assert_uint_eq(live_objects->len, 0);
    ck_assert_uint_eq(all->len, 2);
    const KcRecording *done = g_ptr_array_index(all, 0);
    ck_assert_str_eq(done->object->status, "recovered");
    ck_assert_str_eq(done->gaps_json, "[[100,200]]");
    ck_assert_int_eq(done->duration_ms, 9000);
    ck_assert(done->has_video && !done->has_audio);
    ck_assert_int_eq(done->chunks, 9);
    ck_assert_uint_eq(pictures->len, 1);
    ck_assert_str_eq(((KcObject *)g_ptr_array_index(pictures, 0))->meta_json, "{\"shot\":\"front\"}");
    ck_assert(kc_object_store_count(tx, FIXTURE_CASE, "recording", &count, error));
    ck_assert_int_eq(count, 2);
    ck_assert(kc_object_store_key(tx, FIXTURE_CASE, STILL, key, error));
    /* Under another case's name there is no key of it. */
    g_autoptr(GError) none = NULL;
    ck_assert(!kc_object_store_key(tx, FIXTURE_OTHER_CASE, STILL, other, &none));
    ck_assert(g_error_matches(none, KC_STORE_ERROR, KC_STORE_ERROR_REFUSED));
    return TRUE;
}

START_TEST(objects_and_recordings)
{
    fixture_write(insert_objects, NULL);
    fixture_write(finish_track, NULL);
    fixture_read(check_objects, NULL);
}
END_TEST

static gboolean
change_finished(KcTx *tx, gpointer status, GError **error)
{
    KcObject still = still_object();
    still.status = status;
    return kc_object_store_update(tx, &still, error) == KC_UPDATE_DONE;
}

static gboolean
insert_live(KcTx *tx, gpointer unused, GError **error)
{
    KcObject live = still_object();
    live.kind = (char *)"live_still";
    return kc_object_store_insert(tx, &live, error);
}

static gboolean
check_kind(KcTx *tx, gpointer kind, GError **error)
{
    const char *const kinds[] = {kind, NULL};
    gint64 count = 0, all = 0;
    g_autoptr(KcObject) object = NULL;
    g_autoptr(GPtrArray) listed = kc_object_store_list(tx, FIXTURE_CASE, kinds, error);
    ck_assert(kc_object_store_get(tx, STILL, &object, error));
    ck_assert(kc_object_store_count(tx, FIXTURE_CASE, kind, &count, error));
    ck_assert(kc_object_store_count(tx, FIXTURE_CASE, "photo", &all, error));
    ck_assert_str_eq(object->kind, kind);
    ck_assert_uint_eq(listed->len, 1);
    ck_assert_int_eq(count, 1);
    ck_assert_int_eq(all, strcmp(kind, "photo") == 0);
    return TRUE;
}

static gboolean
change_kind(KcTx *tx, gpointer kind, GError **error)
{
    KcObject object = still_object();
    object.kind = kind;
    return kc_object_store_update(tx, &object, error) == KC_UPDATE_DONE;
}

START_TEST(a_live_still_may_be_kept_as_a_photo_and_not_the_other_way)
{
    fixture_write(insert_live, NULL);
    fixture_read(check_kind, (gpointer) "live_still");
    fixture_write(change_kind, (gpointer) "photo");
    fixture_read(check_kind, (gpointer) "photo");
    fixture_write_fails(change_kind, (gpointer) "live_still", KC_STORE_ERROR_REFUSED);
}
END_TEST

START_TEST(a_finished_object_stays_as_it_is)
{
    fixture_write(insert_objects, NULL);
    fixture_write_fails(change_finished, (gpointer) "live", KC_STORE_ERROR_REFUSED);
    fixture_write_fails(change_finished, (gpointer) "failed", KC_STORE_ERROR_REFUSED);
    fixture_write(change_finished, (gpointer) "complete");
    g_autofree char *refused = fixture_raw_sql("UPDATE objects SET sha256 = hex(zeroblob(32)) WHERE kind = 'still'");
    ck_assert_ptr_nonnull(refused);
}
END_TEST

static gboolean
put_draft(KcTx *tx, gpointer draft, GError **error)
{
    const KcDeterminationRow determination = {.case_id = (char *)FIXTURE_CASE,
                                           .draft_json = draft,
                                           .status = (char *)"draft",
                                           .updated_by = (char *)FIXTURE_OFFICER,
                                           .updated_us = FIXTURE_NOW_US};
    return kc_determination_store_put(tx, &determination, error);
}

static gboolean
issue(KcTx *tx, gpointer unused, GError **error)
{
    const KcDocumentRow document = {.id = (char *)DOCUMENT,
                                 .case_id = (char *)FIXTURE_CASE,
                                 .kind = (char *)"determination",
                                 .number = (char *)"C-20261123-000001-1",
                                 .text = (char *)"张三负全部责任。\n",
                                 .sha256 = (char *)FIXTURE_SHA256,
                                 .content_json = (char *)"{\"weather\":\"1\"}",
                                 .issued_by = (char *)FIXTURE_OFFICER,
                                 .issued_us = FIXTURE_NOW_US};
    const KcDeterminationRow determination = {.case_id = (char *)FIXTURE_CASE,
                                           .draft_json = (char *)"{\"weather\":\"1\"}",
                                           .status = (char *)"issued",
                                           .document_id = (char *)DOCUMENT,
                                           .updated_by = (char *)FIXTURE_OFFICER,
                                           .updated_us = FIXTURE_NOW_US};
    return kc_document_store_insert(tx, &document, error) && kc_determination_store_put(tx, &determination, error);
}

static gboolean
sign(KcTx *tx, gpointer id, GError **error)
{
    const KcSignature signature = {.id = id,
                                   .case_id = (char *)FIXTURE_CASE,
                                   .document_id = (char *)DOCUMENT,
                                   .party_id = (char *)FIXTURE_PARTY,
                                   .decision = (char *)"objected",
                                   .statement = (char *)"我不同意",
                                   .document_sha256 = (char *)FIXTURE_SHA256,
                                   .signed_us = FIXTURE_NOW_US + 1};
    return kc_signature_store_insert(tx, &signature, error);
}

static gboolean
check_issued(KcTx *tx, gpointer unused, GError **error)
{
    g_autoptr(KcDeterminationRow) determination = NULL;
    g_autoptr(KcDocumentRow) document = NULL;
    ck_assert(kc_determination_store_get(tx, FIXTURE_CASE, &determination, error));
    ck_assert_str_eq(determination->status, "issued");
    ck_assert_str_eq(determination->draft_json, "{\"weather\":\"1\"}");
    ck_assert(kc_document_store_get(tx, DOCUMENT, &document, error));
    ck_assert_str_eq(document->text, "张三负全部责任。\n");
    ck_assert_str_eq(document->content_json, "{\"weather\":\"1\"}");
    g_autoptr(GPtrArray) documents = kc_document_store_list(tx, FIXTURE_CASE, error);
    g_autoptr(GPtrArray) signatures = kc_signature_store_list(tx, FIXTURE_CASE, NULL, error);
    g_autoptr(GPtrArray) of_document = kc_signature_store_list(tx, FIXTURE_CASE, DOCUMENT, error);
    g_autoptr(GPtrArray) of_other = kc_signature_store_list(tx, FIXTURE_CASE, "another", error);
    ck_assert_uint_eq(documents->len, 1);
    ck_assert_uint_eq(signatures->len, 1);
    ck_assert_uint_eq(of_document->len, 1);
    ck_assert_uint_eq(of_other->len, 0);
    ck_assert_str_eq(((KcSignature *)g_ptr_array_index(signatures, 0))->statement, "我不同意");
    return TRUE;
}

START_TEST(a_determination_is_drafted_issued_and_answered_once)
{
    fixture_write(put_draft, (gpointer) "{\"weather\":\"2\"}");
    fixture_write(put_draft, (gpointer) "{\"weather\":\"1\"}");
    fixture_write(issue, NULL);
    fixture_write_fails(put_draft, (gpointer) "{}", KC_STORE_ERROR_REFUSED);
    fixture_write(sign, (gpointer) "signature-1");
    fixture_write_fails(sign, (gpointer) "signature-2", KC_STORE_ERROR_CONFLICT);
    fixture_read(check_issued, NULL);
}
END_TEST

static const char *const frozen[] = {
    "UPDATE documents SET number = 'X'",
    "DELETE FROM documents",
    "UPDATE signatures SET decision = 'signed'",
    "DELETE FROM signatures",
    "UPDATE determinations SET status = 'draft', document_id = NULL",
};

START_TEST(what_is_issued_and_signed_is_frozen)
{
    fixture_write(issue, NULL);
    fixture_write(sign, (gpointer) "signature-1");
    g_autofree char *refused = fixture_raw_sql(frozen[_i]);
    ck_assert_msg(refused != NULL, "%s was not refused", frozen[_i]);
    fixture_read(check_issued, NULL);
}
END_TEST

static Suite *
evidence_suite(void)
{
    Suite *suite = suite_create("store/evidence");
    TCase *tc = tcase_create("evidence");
    tcase_set_timeout(tc, 30);
    tcase_add_checked_fixture(tc, setup, fixture_teardown);
    tcase_add_test(tc, objects_and_recordings);
    tcase_add_test(tc, a_finished_object_stays_as_it_is);
    tcase_add_test(tc, a_live_still_may_be_kept_as_a_photo_and_not_the_other_way);
    tcase_add_test(tc, a_determination_is_drafted_issued_and_answered_once);
    tcase_add_loop_test(tc, what_is_issued_and_signed_is_frozen, 0, G_N_ELEMENTS(frozen));
    suite_add_tcase(suite, tc);
    return suite;
}

KC_TEST_MAIN(evidence_suite())
