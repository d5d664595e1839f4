/* Documents on paper where the usual way does not go: without a template, and too long. */
#include "src/base/limits.h"
#include "tests/app/fixture.h"

/* A case in its call, with a still and a complete draft. */
static void
drafted(Fixture *fixture, Scene *scene, guint long_reasons)
{
    g_autoptr(KcStillView) still = NULL;
    g_autoptr(KcCaseView) view = NULL;
    g_autoptr(GPtrArray) missing = NULL;
    scene_call(fixture, scene);
    kc_fake_media_record(fixture->media, scene->party_leg, 3);
    assert_done(kc_app_snapshot(fixture->app, scene->officer, scene->id, &(KcNewSnapshot){.party_id = scene->party_id},
                                &still, &result, &error));
    g_autoptr(KcDetermination) draft = fixture_draft(scene, still->id);
    for (guint i = 0; i < long_reasons; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (guint line = 0; line < KC_LIMIT_TEXT_CHARS / 2; line++)
            g_string_append(text, "事\n");
        KcReason *reason = kc_reason_new();
        reason->text = g_strdup(text->str);
        g_ptr_array_add(draft->reasons, reason);
    }
    assert_done(
        kc_app_put_determination(fixture->app, scene->officer, scene->id, 0, draft, &view, &missing, &result, &error));
    ck_assert_uint_eq(missing->len, 0);
}

START_TEST(without_a_template_there_is_the_text)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    fixture.text_only = TRUE;
    fixture_restart(&fixture);
    drafted(&fixture, &scene, 0);
    g_autoptr(KcDocumentView) issued = NULL;
    g_autoptr(KcDocumentView) read = NULL;
    g_auto(KcDocumentPdf) pdf = {NULL};
    assert_done(kc_app_issue_determination(fixture.app, scene.officer, scene.id, 0, &issued, &result, &error));
    ck_assert_ptr_null(issued->document->pdf_sha256);
    assert_done(kc_app_get_document(fixture.app, scene.party, scene.id, issued->document->id, &read, &result, &error));
    assert_refused(
        kc_app_get_document_pdf(fixture.app, scene.party, scene.id, issued->document->id, FALSE, &pdf, &result, &error),
        KC_RESULT_NOT_FOUND, "no-pdf");
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

START_TEST(what_has_too_many_pages_is_not_issued)
{
    Fixture fixture;
    Scene scene;
    fixture_open(&fixture);
    /* Fewer than fifty lines have room on a page. */
    drafted(&fixture, &scene, KC_LIMIT_DOCUMENT_PAGES * 50 / (KC_LIMIT_TEXT_CHARS / 2) + 1);
    g_autoptr(KcDocumentView) issued = NULL;
    assert_refused(kc_app_issue_determination(fixture.app, scene.officer, scene.id, 0, &issued, &result, &error),
                   KC_RESULT_INVALID, "invalid");
    g_autoptr(KcCaseView) after = fixture_case(&fixture, scene.officer, scene.id);
    ck_assert_str_eq(after->row->state, "evidence_fixed");
    ck_assert_uint_eq(after->documents->len, 0);
    scene_clear(&scene);
    fixture_close(&fixture);
}
END_TEST

static Suite *
documents_suite(void)
{
    Suite *suite = suite_create("app/documents");
    TCase *tests = tcase_create("documents");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, without_a_template_there_is_the_text);
    tcase_add_test(tests, what_has_too_many_pages_is_not_issued);
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(documents_suite())
