/* The auditor's desk over HTTP: search, purposes, who looked, findings and scores. */
#include <string.h>

#include "src/app/internal.h"
#include "tests/http/served.h"

typedef struct {
    Fixture *fixture;
    char *officer, *auditor, *supervisor;
    TestCase one;
    char *still; /* path of its picture */
} Desk;

static Desk
desk_new(Fixture *fixture)
{
    Desk desk = {.fixture = fixture,
                 .officer = fixture_sign_in(fixture, "officer"),
                 .auditor = fixture_sign_in(fixture, "auditor"),
                 .supervisor = fixture_sign_in(fixture, "supervisor")};
    desk.one = fixture_case_in_call(fixture, desk.officer);
    g_autofree char *path = case_path(&desk.one, "/snapshots");
    g_autofree char *body = g_strdup_printf("{\"party_id\":\"%s\"}", desk.one.party_id);
    g_autoptr(json_t) taken = fixture_json(fixture, 201, (Call){.path = path, .token = desk.officer, .text = body});
    g_autofree char *rest = g_strconcat("/stills/", text_at(taken, "still.id"), NULL);
    desk.still = case_path(&desk.one, rest);
    return desk;
}

static void
desk_clear(Desk *desk)
{
    g_free(desk->officer);
    g_free(desk->auditor);
    g_free(desk->supervisor);
    g_free(desk->still);
    test_case_clear(&desk->one);
}

static json_t *
ask(Desk *desk, const char *method, const char *rest, const char *token, const char *body, int status)
{
    g_autofree char *path = case_path(&desk->one, rest);
    return fixture_json(desk->fixture, status, (Call){.method = method, .path = path, .token = token, .text = body});
}

/* ---- Search ---- */

static const struct {
    const char *query;
    gsize found;
    const char *field; /* of the first reason; NULL: none */
} searches[] = {
    {"", 1, NULL},
    {"?q=%E9%99%95H12345", 1, "plate"},
    {"?q=345", 1, "plate"},
    {"?q=13800000000", 1, "phone"},
    {"?q=%E5%BC%A0%E4%B8%89", 1, "name"},           /* 张三 */
    {"?q=%E5%8C%97%E6%96%B0%E8%A1%97", 1, "place"}, /* 北新街 */
    {"?q=611001", 1, "officer"},
    {"?q=000001", 1, "number"},
    {"?q=%E4%BB%8A%E5%A4%A9%20%E5%BC%A0", 1, "name"}, /* 今天 张 */
    {"?q=%E6%98%A8%E5%A4%A9", 0, NULL},               /* 昨天 */
    {"?q=%E6%9D%8E%E5%9B%9B", 0, NULL},               /* 李四 */
    {"?state=evidence_fixed&channel=web", 1, NULL},
    {"?state=closed", 0, NULL},
    {"?accident_form=11&decision=refused&review=anew&outcome=agreement&closing_code=1", 0, NULL},
    {"?cursor=nonsense", 0, NULL},
};

START_TEST(cases_are_found_and_say_why)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Desk desk = desk_new(fixture);
    for (gsize i = 0; i < G_N_ELEMENTS(searches); i++) {
        g_autofree char *path = g_strconcat("/api/v1/cases", searches[i].query, NULL);
        g_autoptr(json_t) list = fixture_json(fixture, 200, (Call){.path = path, .token = desk.auditor});
        ck_assert_msg(json_array_size(json_object_get(list, "items")) == searches[i].found, "%s", searches[i].query);
        const json_t *whys = json_object_get(json_object_get(list, "found"), desk.one.id);
        const json_t *why = json_array_get(whys, 0);
        if (searches[i].field != NULL)
            ck_assert_str_eq(text_at(why, "field"), searches[i].field);
        else
            ck_assert_uint_eq(json_array_size(whys), 0);
    }
    desk_clear(&desk);
}
END_TEST

/* A case of which one bears it all, and to which B objects. */
static const struct {
    const char *q;
    gboolean found;
    const char *field;
} meant[] = {
    {"%E5%85%A8%E8%B4%A3", TRUE, "outcome"},                                     /* 全责 */
    {"%E5%85%A8%E9%83%A8%E8%B4%A3%E4%BB%BB", TRUE, "outcome"},                   /* 全部责任 */
    {"full%20liability", TRUE, "outcome"},
    {"%E9%99%95H12345%20Full%20Liability", TRUE, "reason"},                       /* 陕H12345 */
    {"%E5%90%8C%E8%B4%A3", FALSE, NULL},                                         /* 同责 */
    {"equal%20liability", FALSE, NULL},
    {"%E7%AE%80%E6%98%93%E7%A8%8B%E5%BA%8F", TRUE, "outcome"},                   /* 简易程序 */
    {"determined", TRUE, "outcome"},
    {"%E8%87%AA%E8%A1%8C%E5%8D%8F%E5%95%86", FALSE, NULL},                       /* 自行协商 */
    {"%E6%9C%89%E5%BC%82%E8%AE%AE", TRUE, "outcome"},                            /* 有异议 */
    {"%E6%8B%92%E7%AD%BE", FALSE, NULL},                                         /* 拒签 */
    {"%E5%85%A8%E8%B4%A3%20%E6%9C%89%E5%BC%82%E8%AE%AE", TRUE, "outcome"},       /* both */
    {"%E5%85%A8%E8%B4%A3%20%E6%8B%92%E7%AD%BE", FALSE, NULL},
};

START_TEST(words_for_an_outcome_are_understood)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    served_issue(&served);
    served_decide(&served, served.token_b, "objected");
    for (gsize i = 0; i < G_N_ELEMENTS(meant); i++) {
        g_autofree char *path = g_strconcat("/api/v1/cases?q=", meant[i].q, NULL);
        g_autoptr(json_t) list = fixture_json(fixture, 200, (Call){.path = path, .token = served.officer});
        ck_assert_msg((json_array_size(json_object_get(list, "items")) == 1) == meant[i].found, "%s", meant[i].q);
        const json_t *whys = json_object_get(json_object_get(list, "found"), served.one.id);
        if (meant[i].found)
            ck_assert_str_eq(text_at(json_array_get(whys, 0), "field"), meant[i].field);
    }
    served_clear(&served);
}
END_TEST

START_TEST(what_can_t_be_understood_is_refused)
{
    static const char *const queries[] = {"?q=%ff%fe",  "?state=lost",     "?limit=0",
                                          "?limit=201", "?from=yesterday", "?accident_form=%ff"};
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *auditor = fixture_sign_in(fixture, "auditor");
    for (gsize i = 0; i < G_N_ELEMENTS(queries); i++) {
        g_autofree char *path = g_strconcat("/api/v1/cases", queries[i], NULL);
        reply_free(fixture_expect(fixture, 400, (Call){.path = path, .token = auditor}));
    }
}
END_TEST

/* ---- Purposes ---- */

static void
look(Desk *desk, const char *token, int status)
{
    g_autoptr(Reply) reply = fixture_expect(desk->fixture, status, (Call){.path = desk->still, .token = token});
    if (status == 403)
        ck_assert_ptr_nonnull(strstr(reply_text(reply), "purpose-missing"));
}

START_TEST(evidence_opens_for_a_purpose)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Desk desk = desk_new(fixture);
    fixture->app->purpose_required = TRUE;
    look(&desk, desk.auditor, 403);
    look(&desk, desk.officer, 200);
    look(&desk, desk.supervisor, 200); /* oversees a case that is open */
    json_decref(ask(&desk, "POST", "/accesses", desk.auditor, "{}", 422));
    json_decref(ask(&desk, "POST", "/accesses", desk.auditor, "{\"purpose\":\"curiosity\"}", 422));
    json_decref(ask(&desk, "POST", "/accesses", desk.auditor, "{\"purpose\":\"other\",\"note\":\" \"}", 422));
    json_decref(ask(&desk, "POST", "/accesses", desk.officer, "{\"purpose\":\"review\"}", 403));
    g_autoptr(json_t) stated =
        ask(&desk, "POST", "/accesses", desk.auditor, "{\"purpose\":\"complaint\",\"note\":\"投诉 2026-17\"}", 201);
    ck_assert_str_eq(text_at(stated, "access.purpose"), "complaint");
    look(&desk, desk.auditor, 200);
    g_autofree char *again = fixture_sign_in(fixture, "auditor"); /* another session */
    look(&desk, again, 403);
    fixture->skew_us += 9 * G_TIME_SPAN_HOUR;
    look(&desk, desk.auditor, 403);
    desk_clear(&desk);
}
END_TEST

START_TEST(where_it_is_only_asked_for_the_look_says_that_none_was_stated)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Desk desk = desk_new(fixture);
    look(&desk, desk.auditor, 200);
    g_autoptr(json_t) looks = ask(&desk, "GET", "/accesses", desk.auditor, NULL, 200);
    ck_assert(json_is_true(json_object_get(looks, "purpose_needed")));
    ck_assert(json_is_null(json_object_get(looks, "stated")));
    ck_assert_str_eq(text_at(looks, "items.0.purpose"), "none");
    desk_clear(&desk);
}
END_TEST

START_TEST(a_party_sees_who_looked_but_no_names)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Desk desk = desk_new(fixture);
    json_decref(
        ask(&desk, "POST", "/accesses", desk.auditor, "{\"purpose\":\"court\",\"note\":\"(2026)陕10民终1号\"}", 201));
    look(&desk, desk.auditor, 200);
    g_autoptr(json_t) seen = ask(&desk, "GET", "/accesses", desk.one.token, NULL, 200);
    ck_assert(json_is_false(json_object_get(seen, "purpose_needed")));
    ck_assert_str_eq(text_at(seen, "items.0.what"), "still.viewed");
    ck_assert_str_eq(text_at(seen, "items.0.role"), "auditor");
    ck_assert_str_eq(text_at(seen, "items.0.purpose"), "court");
    ck_assert_str_eq(text_at(seen, "items.0.badge_number"), "611004");
    g_autofree char *text = json_dumps(seen, 0);
    ck_assert_ptr_null(strstr(text, "陈静"));
    ck_assert_ptr_null(strstr(text, "民终"));
    g_autoptr(json_t) staff = ask(&desk, "GET", "/accesses", desk.supervisor, NULL, 200);
    ck_assert_str_eq(text_at(staff, "items.0.name"), "陈静");
    ck_assert_str_eq(text_at(staff, "items.1.note"), "(2026)陕10民终1号");
    desk_clear(&desk);
}
END_TEST

/* ---- Findings ---- */

#define FINDING                                                                                                        \
    "{\"kind\":\"finding\",\"severity\":\"major\",\"criterion\":\"evidence\",\"mark_at\":\"2026-11-23T08:00:01."       \
    "500Z\","                                                                                                          \
    "\"text\":\"没有拍摄碰撞部位\"}"

static char *
write_finding(Desk *desk)
{
    g_autoptr(json_t) written = ask(desk, "POST", "/reviews", desk->auditor, FINDING, 201);
    ck_assert_str_eq(text_at(written, "finding.mark_at"), "2026-11-23T08:00:01.500Z");
    return g_strdup(text_at(written, "finding.id"));
}

static json_t *
step(Desk *desk, const char *id, const char *what, const char *token, const char *body, int status)
{
    g_autofree char *rest = g_strdup_printf("/reviews/%s/%s", id, what);
    return ask(desk, "POST", rest, token, body, status);
}

static gsize
open_for(Desk *desk, const char *token)
{
    g_autoptr(json_t) list = fixture_json(desk->fixture, 200, (Call){.path = "/api/v1/findings", .token = token});
    return json_array_size(json_object_get(list, "items"));
}

START_TEST(a_finding_is_answered_and_closed)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Desk desk = desk_new(fixture);
    g_autofree char *id = write_finding(&desk);
    ck_assert_uint_eq(open_for(&desk, desk.officer), 1);
    json_decref(step(&desk, id, "answer", desk.officer, "{\"answer\":\"contested\"}", 422));
    json_decref(step(&desk, id, "answer", desk.officer, "{\"answer\":\"perhaps\"}", 422));
    json_decref(step(&desk, id, "answer", desk.supervisor, "{\"answer\":\"accepted\"}", 403));
    json_decref(step(&desk, id, "answer", desk.auditor, "{\"answer\":\"accepted\"}", 403));
    g_autoptr(json_t) answered =
        step(&desk, id, "answer", desk.officer, "{\"answer\":\"contested\",\"text\":\"第3张即为碰撞部位\"}", 200);
    ck_assert_str_eq(text_at(answered, "finding.answer.answer"), "contested");
    json_decref(step(&desk, id, "answer", desk.officer, "{\"answer\":\"accepted\"}", 409));
    json_decref(step(&desk, id, "closing", desk.officer, "{\"closing\":\"withdrawn\"}", 403));
    json_decref(step(&desk, id, "closing", desk.auditor, "{\"closing\":\"withdrawn\",\"text\":\"确有\"}", 200));
    json_decref(step(&desk, id, "closing", desk.auditor, "{\"closing\":\"upheld\"}", 409));
    ck_assert_uint_eq(open_for(&desk, desk.officer), 0);
    g_autoptr(json_t) list = ask(&desk, "GET", "/reviews", desk.officer, NULL, 200);
    ck_assert_str_eq(text_at(list, "findings.0.closing.closing"), "withdrawn");
    json_decref(
        step(&desk, "01936d7e-0000-7000-8000-000000000001", "closing", desk.auditor, "{\"closing\":\"upheld\"}", 404));
    desk_clear(&desk);
}
END_TEST

START_TEST(a_finding_that_says_nothing_is_refused)
{
    static const char *const bodies[] = {
        "{}",
        "{\"kind\":\"rumour\"}",
        "{\"kind\":\"finding\"}",
        "{\"kind\":\"finding\",\"severity\":\"major\",\"criterion\":\"evidence\",\"text\":\"\"}",
        "{\"kind\":\"finding\",\"severity\":\"fatal\",\"criterion\":\"evidence\",\"text\":\"a\"}",
        "{\"kind\":\"finding\",\"severity\":\"note\",\"criterion\":\"taste\",\"text\":\"a\"}",
        "{\"kind\":\"finding\",\"severity\":\"note\",\"criterion\":\"other\",\"text\":\"a\",\"mark_at\":\"noon\"}",
        "{\"kind\":\"scores\"}",
        "{\"kind\":\"scores\",\"scores\":[]}",
        "{\"kind\":\"scores\",\"scores\":[{\"criterion\":\"manner\",\"score\":6}]}",
        "{\"kind\":\"scores\",\"scores\":[{\"criterion\":\"other\",\"score\":3}]}"};
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Desk desk = desk_new(fixture);
    for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++)
        json_decref(ask(&desk, "POST", "/reviews", desk.auditor, bodies[i], 422));
    desk_clear(&desk);
}
END_TEST

START_TEST(a_case_is_scored)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Desk desk = desk_new(fixture);
    json_decref(ask(&desk, "POST", "/reviews", desk.auditor,
                    "{\"kind\":\"scores\",\"scores\":[{\"criterion\":\"manner\",\"score\":4},"
                    "{\"criterion\":\"evidence\",\"score\":2}]}",
                    201));
    json_decref(ask(&desk, "POST", "/reviews", desk.auditor,
                    "{\"kind\":\"scores\",\"scores\":[{\"criterion\":\"manner\",\"score\":5}]}", 201));
    g_autoptr(json_t) list = ask(&desk, "GET", "/reviews", desk.auditor, NULL, 200);
    const json_t *scores = json_object_get(list, "scores");
    ck_assert_uint_eq(json_array_size(scores), 2);
    ck_assert_int_eq(json_integer_value(json_object_get(json_array_get(scores, 1), "score")), 5);
    desk_clear(&desk);
}
END_TEST

static Suite *
audit_suite(void)
{
    Suite *suite = suite_create("http/audit");
    TCase *tcase = tcase_create("audit");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, cases_are_found_and_say_why);
    tcase_add_test(tcase, words_for_an_outcome_are_understood);
    tcase_add_test(tcase, what_can_t_be_understood_is_refused);
    tcase_add_test(tcase, evidence_opens_for_a_purpose);
    tcase_add_test(tcase, where_it_is_only_asked_for_the_look_says_that_none_was_stated);
    tcase_add_test(tcase, a_party_sees_who_looked_but_no_names);
    tcase_add_test(tcase, a_finding_is_answered_and_closed);
    tcase_add_test(tcase, a_finding_that_says_nothing_is_refused);
    tcase_add_test(tcase, a_case_is_scored);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(audit_suite())
