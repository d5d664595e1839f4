/* The second pair of eyes: asked for by policy, given to one text, by somebody else. */
#include "src/app/approvals.h"
#include "src/app/internal.h"
#include "tests/app/fixture.h"

#include <string.h>

typedef struct {
    Fixture fixture;
    Scene scene;
    KcDetermination *draft;
    KcPrincipal *supervisor;
} Case;

static void
put_draft(Case *one)
{
    g_autoptr(KcCaseView) before = fixture_case(&one->fixture, one->scene.officer, one->scene.id);
    g_autoptr(GPtrArray) missing = NULL;
    assert_done(kc_app_put_determination(one->fixture.app, one->scene.officer, one->scene.id, before->row->version,
                                         one->draft, NULL, &missing, &result, &error));
}

/* In a call, with a still and a whole draft in which `injured` people are hurt. */
static void
case_open(Case *one, int injured)
{
    g_autoptr(KcStillView) still = NULL;
    KcNewSnapshot wanted = {0};
    fixture_open(&one->fixture);
    scene_call(&one->fixture, &one->scene);
    wanted.party_id = one->scene.party_id;
    assert_done(kc_app_snapshot(one->fixture.app, one->scene.officer, one->scene.id, &wanted, &still, &result, &error));
    one->draft = fixture_draft(&one->scene, still->id);
    one->draft->injured = injured;
    assert_done(kc_app_set_consent(one->fixture.app, one->scene.party, one->scene.id, one->scene.party_id,
                                   "simplified_procedure", TRUE, NULL, &result, &error));
    one->supervisor = fixture_staff(&one->fixture, "supervisor");
    put_draft(one);
}

static void
case_close(Case *one)
{
    kc_determination_free(one->draft);
    kc_principal_free(one->supervisor);
    scene_clear(&one->scene);
    fixture_close(&one->fixture);
}

static KcApprovalView *
look(Case *one)
{
    KcApprovalView *view = NULL;
    assert_done(kc_app_get_approval(one->fixture.app, one->scene.officer, one->scene.id, &view, &result, &error));
    return view;
}

static guint
waiting(Case *one)
{
    g_autoptr(GPtrArray) views = NULL;
    assert_done(kc_app_list_approvals(one->fixture.app, one->supervisor, &views, &result, &error));
    return views->len;
}

static void
approve(Case *one, const char *sha256)
{
    g_autoptr(KcApprovalView) view = NULL;
    assert_done(
        kc_app_approve_determination(one->fixture.app, one->supervisor, one->scene.id, sha256, &view, &result, &error));
    ck_assert_int_gt(view->approved_us, 0);
    ck_assert_str_eq(view->approver_id, one->supervisor->user_id);
}

static void
assert_not_issued(Case *one)
{
    KcDocumentView *issued = NULL;
    assert_refused(
        kc_app_issue_determination(one->fixture.app, one->scene.officer, one->scene.id, 0, &issued, &result, &error),
        KC_RESULT_CONFLICT, "approval-needed");
}

static void
issue(Case *one)
{
    g_autoptr(KcDocumentView) issued = NULL;
    assert_done(
        kc_app_issue_determination(one->fixture.app, one->scene.officer, one->scene.id, 0, &issued, &result, &error));
}

START_TEST(without_a_reason_nobody_is_asked)
{
    Case one = {0};
    KcApprovalView *asked = NULL;
    case_open(&one, 0);
    g_autoptr(KcApprovalView) view = look(&one);
    ck_assert_uint_eq(view->grounds->len, 0);
    assert_refused(kc_app_request_approval(one.fixture.app, one.scene.officer, one.scene.id, &asked, &result, &error),
                   KC_RESULT_CONFLICT, "no-approval-needed");
    issue(&one);
    case_close(&one);
}
END_TEST

START_TEST(an_injury_needs_a_second_look_at_this_very_draft)
{
    Case one = {0};
    case_open(&one, 1);
    assert_not_issued(&one);
    g_autoptr(KcApprovalView) asked = NULL;
    g_autoptr(KcApprovalView) again = NULL;
    assert_done(kc_app_request_approval(one.fixture.app, one.scene.officer, one.scene.id, &asked, &result, &error));
    assert_done(kc_app_request_approval(one.fixture.app, one.scene.officer, one.scene.id, &again, &result, &error));
    ck_assert_str_eq(((const KcApprovalRule *)asked->grounds->pdata[0])->code, "INJURY");
    ck_assert_int_eq(asked->requested_us, again->requested_us);
    ck_assert_str_eq(asked->officer_name, one.scene.officer->name);
    ck_assert_uint_eq(waiting(&one), 1);

    approve(&one, asked->draft_sha256);
    approve(&one, asked->draft_sha256);
    ck_assert_uint_eq(waiting(&one), 0);

    /* One word more, and it is another draft. */
    g_free(one.draft->facts);
    one.draft->facts = g_strdup("甲车驶出车道，与中央隔离设施相撞，后退行驶。");
    put_draft(&one);
    assert_not_issued(&one);
    KcApprovalView *late = NULL;
    assert_refused(kc_app_approve_determination(one.fixture.app, one.supervisor, one.scene.id, asked->draft_sha256,
                                                &late, &result, &error),
                   KC_RESULT_CONFLICT, "other-draft");
    g_autoptr(KcApprovalView) changed = look(&one);
    ck_assert_int_eq(changed->approved_us, 0);
    ck_assert_str_ne(changed->draft_sha256, asked->draft_sha256);
    approve(&one, changed->draft_sha256); /* a supervisor may look without having been asked */
    issue(&one);
    case_close(&one);
}
END_TEST

START_TEST(a_request_outlives_the_edits_that_follow)
{
    Case one = {0};
    g_autoptr(KcApprovalView) asked = NULL;
    case_open(&one, 2);
    assert_done(kc_app_request_approval(one.fixture.app, one.scene.officer, one.scene.id, &asked, &result, &error));
    one.draft->injured = 3;
    put_draft(&one);
    g_autoptr(GPtrArray) views = NULL;
    assert_done(kc_app_list_approvals(one.fixture.app, one.supervisor, &views, &result, &error));
    ck_assert_uint_eq(views->len, 1);
    const KcApprovalView *view = views->pdata[0];
    ck_assert_str_ne(view->draft_sha256, asked->draft_sha256); /* of the draft as it is now */
    approve(&one, view->draft_sha256);
    issue(&one);
    ck_assert_uint_eq(waiting(&one), 0);
    case_close(&one);
}
END_TEST

START_TEST(who_may_approve)
{
    Case one = {0};
    case_open(&one, 1);
    g_autoptr(KcApprovalView) view = look(&one);
    KcApprovalView *none = NULL;
    assert_refused(kc_app_approve_determination(one.fixture.app, one.scene.officer, one.scene.id, view->draft_sha256,
                                                &none, &result, &error),
                   KC_RESULT_FORBIDDEN, "role");
    /* An officer who has become a supervisor meanwhile still does not approve what they wrote. */
    one.scene.officer->role = KC_ROLE_SUPERVISOR;
    assert_refused(kc_app_approve_determination(one.fixture.app, one.scene.officer, one.scene.id, view->draft_sha256,
                                                &none, &result, &error),
                   KC_RESULT_CONFLICT, "own-draft");
    one.scene.officer->role = KC_ROLE_OFFICER;
    /* What is not complete is not approved. */
    g_clear_pointer(&one.draft->facts, g_free);
    put_draft(&one);
    g_autoptr(KcApprovalView) incomplete = look(&one);
    assert_refused(kc_app_approve_determination(one.fixture.app, one.supervisor, one.scene.id, incomplete->draft_sha256,
                                                &none, &result, &error),
                   KC_RESULT_INVALID, "invalid");
    case_close(&one);
}
END_TEST

static gboolean
count_kinds(KcTx *tx, gpointer data, GError **error)
{
    g_autoptr(GPtrArray) entries = kc_log_store_list(tx, NULL, 0, 1000, error);
    for (guint i = 0; entries != NULL && i < entries->len; i++)
        *(guint *)data += g_str_has_prefix(((const KcLogEntry *)entries->pdata[i])->kind, "determination.approv");
    return entries != NULL;
}

START_TEST(both_stand_in_the_log_once)
{
    Case one = {0};
    g_autoptr(KcApprovalView) asked = NULL;
    guint count = 0;
    g_auto(KcResult) read = {0};
    case_open(&one, 1);
    assert_done(kc_app_request_approval(one.fixture.app, one.scene.officer, one.scene.id, &asked, &result, &error));
    approve(&one, asked->draft_sha256);
    approve(&one, asked->draft_sha256);
    ck_assert(kc_app_read(one.fixture.app, count_kinds, &count, &read, NULL));
    ck_assert_uint_eq(count, 2);
    case_close(&one);
}
END_TEST

static Suite *
approval_suite(void)
{
    Suite *suite = suite_create("app/approval");
    TCase *tcase = tcase_create("approval");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, without_a_reason_nobody_is_asked);
    tcase_add_test(tcase, an_injury_needs_a_second_look_at_this_very_draft);
    tcase_add_test(tcase, a_request_outlives_the_edits_that_follow);
    tcase_add_test(tcase, who_may_approve);
    tcase_add_test(tcase, both_stand_in_the_log_once);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(approval_suite())
