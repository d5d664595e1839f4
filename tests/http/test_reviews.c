/* A party asks for a review over HTTP: once, in time, and with what art. 71 of Order 146 wants stated. */
#include <string.h>

#include "tests/http/served.h"

#define REQUEST                                                                                                        \
    "{\"request\":\"请求撤销原认定，重新认定责任。\",\"reasons\":\"对方突然变更车道。\",\"evidence\":\"行车记录仪录像。\"}"

static char *
reviews_path(const Served *served, const char *rest)
{
    g_autofree char *tail = g_strconcat("/review-requests", rest, NULL);
    return case_path(&served->one, tail);
}

static json_t *
ask(Served *served, int status, const char *token, const char *body, const char *headers)
{
    g_autofree char *path = reviews_path(served, "");
    return fixture_json(served->fixture, status,
                        (Call){.path = path, .token = token, .text = body, .headers = headers});
}

static const char *
code_of(const json_t *problem)
{
    return text_at(problem, "code");
}

static json_t *
seen_review(Served *served, const char *token)
{
    g_autofree char *path = case_path(&served->one, "");
    g_autoptr(json_t) view = fixture_json(served->fixture, 200, (Call){.path = path, .token = token});
    return json_incref(json_object_get(view, "review"));
}

START_TEST(it_is_asked_for_once)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    served_issue(&served);
    g_autoptr(json_t) early = ask(&served, 409, served.one.token, REQUEST, NULL);
    ck_assert_str_eq(code_of(early), "not-served");
    served_decide(&served, served.one.token, "objected");
    served_decide(&served, served.token_b, "objected");
    g_autoptr(json_t) none = seen_review(&served, served.one.token);
    ck_assert(json_is_null(none));

    const char *key = "Idempotency-Key: r1\r\n";
    g_autoptr(json_t) asked = ask(&served, 201, served.one.token, REQUEST, key);
    ck_assert_str_eq(text_at(asked, "review.state"), "asked");
    ck_assert_str_eq(text_at(asked, "review.document_id"), served.document);
    ck_assert_str_eq(text_at(asked, "review.request.evidence"), "行车记录仪录像。");
    g_autoptr(json_t) again = ask(&served, 201, served.one.token, REQUEST, key);
    ck_assert_str_eq(text_at(again, "review.id"), text_at(asked, "review.id"));

    g_autoptr(json_t) second = ask(&served, 409, served.one.token, REQUEST, NULL);
    ck_assert_str_eq(code_of(second), "review-asked");
    ck_assert_ptr_nonnull(strstr(text_at(second, "detail"), "第71条"));
    g_autoptr(json_t) other = ask(&served, 409, served.token_b, REQUEST, NULL);
    ck_assert_str_eq(code_of(other), "review-asked");
    served_clear(&served);
}
END_TEST

START_TEST(the_other_party_sees_that_it_runs_and_not_what_was_written)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    served_issue(&served);
    served_decide(&served, served.one.token, "objected");
    json_decref(ask(&served, 201, served.one.token, REQUEST, NULL));
    g_autoptr(json_t) own = seen_review(&served, served.one.token);
    g_autoptr(json_t) other = seen_review(&served, served.token_b);
    g_autoptr(json_t) staff = seen_review(&served, served.officer);
    ck_assert_str_eq(text_at(own, "request.reasons"), "对方突然变更车道。");
    ck_assert_str_eq(text_at(staff, "request.reasons"), "对方突然变更车道。");
    ck_assert(json_is_null(json_object_get(other, "request")));
    ck_assert_str_eq(text_at(other, "state"), "asked");
    served_clear(&served);
}
END_TEST

START_TEST(late_is_refused_with_its_day_and_article)
{
    static const struct {
        const char *day;
        int hour, status;
    } times[] = {{"2026-10-11", 0, 409}, {"2026-10-10", 23, 201}};
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    served_set_day(fixture, "2026-09-30", 9);
    served_issue(&served);
    served_decide(&served, served.one.token, "refused");
    for (gsize i = 0; i < G_N_ELEMENTS(times); i++) {
        served_set_day(fixture, times[i].day, times[i].hour);
        g_autoptr(json_t) answer = ask(&served, times[i].status, served.one.token, REQUEST, NULL);
        if (times[i].status == 201)
            continue;
        ck_assert_str_eq(code_of(answer), "review-late");
        ck_assert_ptr_nonnull(strstr(text_at(answer, "detail"), "2026-10-10"));
        ck_assert_ptr_nonnull(strstr(text_at(answer, "detail"), "第71条"));
    }
    g_autofree char *auditor = fixture_sign_in(fixture, "auditor");
    g_autofree char *path = case_path(&served.one, "/timeline");
    g_autoptr(Reply) timeline = fixture_expect(fixture, 200, (Call){.path = path, .token = auditor});
    ck_assert_ptr_nonnull(strstr(reply_text(timeline), "review.refused_late"));
    served_clear(&served);
}
END_TEST

START_TEST(what_the_law_wants_stated_is_stated)
{
    static const struct {
        const char *body, *pointer;
    } wrong[] = {
        {"{\"reasons\":\"r\",\"evidence\":\"e\"}", "/request"},
        {"{\"request\":\" \",\"reasons\":\"r\",\"evidence\":\"e\"}", "/request"},
        {"{\"request\":\"q\",\"reasons\":\"\",\"evidence\":\"e\"}", "/reasons"},
        {"{\"request\":\"q\",\"reasons\":\"r\",\"evidence\":\"\\n\"}", "/evidence"},
        {"{\"request\":\"q\",\"reasons\":\"r\",\"evidence\":\"e\",\"more\":1}", "/more"},
    };
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    served_issue(&served);
    served_decide(&served, served.one.token, "objected");
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(json_t) problem = ask(&served, 422, served.one.token, wrong[i].body, NULL);
        ck_assert_str_eq(text_at(problem, "errors.0.pointer"), wrong[i].pointer);
    }
    g_autoptr(json_t) none = seen_review(&served, served.one.token);
    ck_assert(json_is_null(none));
    served_clear(&served);
}
END_TEST

START_TEST(its_limits_begin)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    served_issue(&served);
    served_decide(&served, served.one.token, "objected");
    served_decide(&served, served.token_b, "signed");
    g_autofree char *before = served_limits(&served, served.token_b);
    ck_assert_str_eq(before, "MEDIATION_REQUEST:B REVIEW_REQUEST:B SUIT:B");
    json_decref(ask(&served, 201, served.one.token, REQUEST, NULL));
    g_autofree char *own = served_limits(&served, served.one.token), *other = served_limits(&served, served.token_b);
    ck_assert_str_eq(own, "MEDIATION_REQUEST:A SUIT:A -REVIEW_REQUEST:A");
    ck_assert_str_eq(other, "MEDIATION_REQUEST:B SUIT:B -REVIEW_REQUEST:B");
    g_autofree char *staff = served_limits(&served, served.officer);
    ck_assert_ptr_nonnull(strstr(staff, "REVIEW_FORWARD"));
    served_clear(&served);
}
END_TEST

START_TEST(whoever_asked_may_take_it_back)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    served_issue(&served);
    served_decide(&served, served.one.token, "objected");
    g_autoptr(json_t) asked = ask(&served, 201, served.one.token, REQUEST, NULL);
    g_autofree char *rest = g_strdup_printf("/%s/withdraw", text_at(asked, "review.id"));
    g_autofree char *path = reviews_path(&served, rest);
    g_autofree char *unknown = reviews_path(&served, "/01936d7e-0000-7000-8000-000000000001/withdraw");
    reply_free(fixture_expect(fixture, 404, (Call){.method = "POST", .path = unknown, .token = served.one.token}));
    reply_free(fixture_expect(fixture, 403, (Call){.method = "POST", .path = path, .token = served.token_b}));
    g_autoptr(json_t) back = fixture_json(fixture, 200, (Call){.method = "POST", .path = path, .token = served.one.token});
    ck_assert_str_eq(text_at(back, "review.state"), "withdrawn");
    reply_free(fixture_expect(fixture, 409, (Call){.method = "POST", .path = path, .token = served.one.token}));
    g_autoptr(json_t) second = ask(&served, 409, served.one.token, REQUEST, NULL);
    ck_assert_str_eq(code_of(second), "review-asked");
    served_clear(&served);
}
END_TEST

START_TEST(the_desk_lists_what_is_open)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    served_issue(&served);
    served_decide(&served, served.one.token, "objected");
    g_autoptr(json_t) asked = ask(&served, 201, served.one.token, REQUEST, NULL);
    const Call open = {.path = "/api/v1/review-requests", .token = served.officer};
    const Call all = {.path = "/api/v1/review-requests?state=all", .token = served.officer};
    const Call odd = {.path = "/api/v1/review-requests?state=some", .token = served.officer};
    g_autoptr(json_t) listed = fixture_json(fixture, 200, open);
    ck_assert_str_eq(text_at(listed, "items.0.id"), text_at(asked, "review.id"));
    g_autofree char *rest = g_strdup_printf("/%s/withdraw", text_at(asked, "review.id"));
    g_autofree char *path = reviews_path(&served, rest);
    reply_free(fixture_expect(fixture, 200, (Call){.method = "POST", .path = path, .token = served.one.token}));
    g_autoptr(json_t) none = fixture_json(fixture, 200, open);
    g_autoptr(json_t) every = fixture_json(fixture, 200, all);
    ck_assert_uint_eq(json_array_size(json_object_get(none, "items")), 0);
    ck_assert_uint_eq(json_array_size(json_object_get(every, "items")), 1);
    reply_free(fixture_expect(fixture, 400, odd));
    served_clear(&served);
}
END_TEST

static Suite *
reviews_suite(void)
{
    Suite *suite = suite_create("http/reviews");
    TCase *all = tcase_create("reviews");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, it_is_asked_for_once);
    tcase_add_test(all, the_other_party_sees_that_it_runs_and_not_what_was_written);
    tcase_add_test(all, late_is_refused_with_its_day_and_article);
    tcase_add_test(all, what_the_law_wants_stated_is_stated);
    tcase_add_test(all, its_limits_begin);
    tcase_add_test(all, whoever_asked_may_take_it_back);
    tcase_add_test(all, the_desk_lists_what_is_open);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(reviews_suite())
