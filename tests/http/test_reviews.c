/* A review over HTTP, from the request to what it comes to (Order 146, arts. 71-79). */
#include <string.h>

#include "src/evidence/digest.h"
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

/* ---- to the higher unit and back ---- */

#define CONCLUSION(outcome, more)                                                                                      \
    "{\"outcome\":\"" outcome "\",\"unit\":\"商洛市公安局交通警察支队\",\"findings\":\"经审查，……\","               \
    "\"reviewers\":[{\"name\":\"周正\",\"badge_number\":\"610021\"},{\"name\":\"吴明\",\"badge_number\":\"610022\"}]" more "}"

typedef struct {
    Served served;
    char *supervisor, *review;
} Handled;

static Handled
handled_asked(Fixture *fixture)
{
    Handled handled = {.served = {.fixture = fixture}};
    served_issue(&handled.served);
    served_decide(&handled.served, handled.served.one.token, "objected");
    served_decide(&handled.served, handled.served.token_b, "signed");
    g_autoptr(json_t) asked = ask(&handled.served, 201, handled.served.one.token, REQUEST, NULL);
    handled.review = g_strdup(text_at(asked, "review.id"));
    handled.supervisor = fixture_sign_in(fixture, "supervisor");
    return handled;
}

static void
handled_clear(Handled *handled)
{
    g_free(handled->supervisor);
    g_free(handled->review);
    served_clear(&handled->served);
}

static char *
step_path(const Handled *handled, const char *step)
{
    g_autofree char *rest = g_strdup_printf("/%s/%s", handled->review, step);
    return reviews_path(&handled->served, rest);
}

/* By the supervisor. */
static json_t *
step(Handled *handled, int status, const char *name, const char *body)
{
    g_autofree char *path = step_path(handled, name);
    return fixture_json(handled->served.fixture, status,
                        (Call){.method = "POST", .path = path, .token = handled->supervisor, .text = body});
}

static gboolean
holds(const Reply *reply, const char *text)
{
    return memmem(reply->body->data, reply->body->len, text, strlen(text)) != NULL;
}

START_TEST(it_is_forwarded_with_its_file)
{
    static const char *const names[] = {"request.json", "case.json",  "statements.json", "services.json", "stills.json", "recordings.json",
                                        "log.json",     "SHA256SUMS", "stills/001",      "-D1.txt",     "-D1.pdf",
                                        "-D1-signed.pdf"};
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Handled handled = handled_asked(fixture);
    g_autofree char *packet = step_path(&handled, "packet");
    reply_free(fixture_expect(fixture, 404, (Call){.path = packet, .token = handled.supervisor}));
    json_decref(step(&handled, 409, "conclude", CONCLUSION("upheld", "")));
    g_autoptr(json_t) sent = step(&handled, 200, "forward", NULL);
    ck_assert_str_eq(text_at(sent, "review.state"), "forwarded");
    json_decref(step(&handled, 409, "forward", NULL));
    g_autoptr(Reply) zip = fixture_expect(fixture, 200, (Call){.path = packet, .token = handled.supervisor});
    g_autofree char *sha256 = kc_sha256_hex(zip->body->data, zip->body->len);
    ck_assert_str_eq(sha256, text_at(sent, "review.packet_sha256"));
    ck_assert_mem_eq(zip->body->data, "PK\3\4", 4);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        ck_assert_msg(holds(zip, names[i]), "no %s", names[i]);
    ck_assert(holds(zip, "对方突然变更车道。"));
    ck_assert(holds(zip, "review.asked"));
    reply_free(fixture_expect(fixture, 403, (Call){.path = packet, .token = handled.served.one.token}));
    g_autofree char *own = served_limits(&handled.served, handled.served.one.token);
    ck_assert_ptr_nonnull(strstr(own, "REVIEW_CONCLUSION"));
    handled_clear(&handled);
}
END_TEST

START_TEST(a_conclusion_has_what_its_outcome_needs)
{
    static const struct {
        const char *body, *pointer;
    } wrong[] = {
        {"{\"outcome\":\"upheld\",\"unit\":\"支队\",\"findings\":\"f\",\"reviewers\":[{\"name\":\"周正\","
         "\"badge_number\":\"610021\"}]}",
         "/reviewers"},
        {"{\"outcome\":\"upheld\",\"unit\":\"支队\",\"findings\":\"f\",\"reviewers\":[{\"name\":\"周正\","
         "\"badge_number\":\"610021\"},{\"name\":\"吴明\",\"badge_number\":\"610021\"}]}",
         "/reviewers/1/badge_number"},
        {"{\"outcome\":\"upheld\",\"unit\":\"支队\",\"findings\":\"f\",\"reviewers\":[{\"name\":\"周正\","
         "\"badge_number\":\"610021\"},{\"name\":\"王\",\"badge_number\":\"611001\"}]}",
         "/reviewers/1/badge_number"}, /* who determined */
        {CONCLUSION("upheld", ",\"grounds\":[\"facts_unclear\"]"), "/grounds"},
        {CONCLUSION("upheld", ",\"correction\":\"补一页\""), "/correction"},
        {CONCLUSION("upheld_corrected", ""), "/correction"},
        {CONCLUSION("anew", ""), "/grounds"},
        {CONCLUSION("anew", ",\"grounds\":[\"bad_luck\"]"), "/grounds/0"},
        {CONCLUSION("perhaps", ""), "/outcome"},
    };
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Handled handled = handled_asked(fixture);
    json_decref(step(&handled, 200, "forward", NULL));
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(json_t) problem = step(&handled, 422, "conclude", wrong[i].body);
        ck_assert_str_eq(text_at(problem, "errors.0.pointer"), wrong[i].pointer);
    }
    g_autoptr(json_t) review = seen_review(&handled.served, handled.supervisor);
    ck_assert_str_eq(text_at(review, "state"), "forwarded");
    handled_clear(&handled);
}
END_TEST

/* The text of a document as the party reads it; owned. */
static char *
read_paper(Handled *handled, const char *id)
{
    g_autofree char *rest = g_strconcat("/documents/", id, NULL);
    g_autofree char *path = case_path(&handled->served.one, rest);
    g_autoptr(Reply) reply = fixture_expect(
        handled->served.fixture, 200,
        (Call){.path = path, .token = handled->served.token_b, .headers = "Accept: text/plain\r\n"});
    g_autoptr(Reply) pdf = fixture_expect(
        handled->served.fixture, 200,
        (Call){.path = path, .token = handled->served.token_b, .headers = "Accept: application/pdf\r\n"});
    ck_assert_mem_eq(pdf->body->data, "%PDF-", 5);
    return g_strdup(reply_text(reply));
}

START_TEST(upheld_after_a_correction_and_served)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Handled handled = handled_asked(fixture);
    json_decref(step(&handled, 200, "forward", NULL));
    json_decref(step(&handled, 409, "serve", NULL));
    g_autoptr(json_t) end =
        step(&handled, 200, "conclude", CONCLUSION("upheld_corrected", ",\"correction\":\"补录现场照片拍摄时间。\""));
    ck_assert_str_eq(text_at(end, "review.conclusion.reviewers.1.badge_number"), "610022");
    g_autofree char *conclusion = read_paper(&handled, text_at(end, "review.conclusion.document_id"));
    g_autofree char *correction = read_paper(&handled, text_at(end, "review.conclusion.correction_document_id"));
    ck_assert_ptr_nonnull(strstr(conclusion, "第七十六条第二款"));
    ck_assert_ptr_nonnull(strstr(conclusion, "吴明（警号 610022）"));
    ck_assert_ptr_nonnull(strstr(correction, "补录现场照片拍摄时间。"));
    g_autofree char *sign = g_strdup_printf("/documents/%s/signatures", text_at(end, "review.conclusion.document_id"));
    g_autofree char *path = case_path(&handled.served.one, sign);
    reply_free(fixture_expect(
        fixture, 409,
        (Call){.path = path, .token = handled.served.token_b, .text = "{\"decision\":\"refused\",\"document_sha256\":\"0\"}"}));
    g_autoptr(json_t) served = step(&handled, 200, "serve", NULL);
    ck_assert_str_eq(text_at(served, "review.state"), "served");
    g_autofree char *limits = served_limits(&handled.served, handled.served.officer);
    ck_assert_ptr_nonnull(strstr(limits, "-REVIEW_CONCLUSION"));
    ck_assert_ptr_nonnull(strstr(limits, "-REVIEW_SERVICE"));
    ck_assert_ptr_null(strstr(limits, "REDO"));
    /* The determination is what closes the case, not the papers after it. */
    json_decref(served_by_officer(&handled.served, 200, "POST", "/close", "{\"closing_code\":\"3\"}"));
    handled_clear(&handled);
}
END_TEST

START_TEST(a_suit_meanwhile_is_on_record)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Handled handled = handled_asked(fixture);
    json_decref(step(&handled, 422, "suit", "{\"court\":\" \",\"accepted_on\":\"2026-11-01\"}"));
    json_decref(step(&handled, 422, "suit", "{\"court\":\"商州区人民法院\",\"accepted_on\":\"2099-11-01\"}"));
    g_autoptr(json_t) noted = step(&handled, 200, "suit", "{\"court\":\"商州区人民法院\",\"accepted_on\":\"2026-11-01\"}");
    ck_assert_str_eq(text_at(noted, "review.suit.court"), "商州区人民法院");
    ck_assert_str_eq(text_at(noted, "review.state"), "asked");
    json_decref(step(&handled, 409, "suit", "{\"court\":\"商州区人民法院\",\"accepted_on\":\"2026-11-01\"}"));
    g_autofree char *limits = served_limits(&handled.served, handled.served.token_b);
    ck_assert_ptr_nonnull(strstr(limits, "-SUIT:B"));
    handled_clear(&handled);
}
END_TEST

/* The document of that id as this token sees the case; owned. */
static json_t *
seen_document(Handled *handled, const char *token, const char *id)
{
    g_autofree char *path = case_path(&handled->served.one, "");
    g_autoptr(json_t) view = fixture_json(handled->served.fixture, 200, (Call){.path = path, .token = token});
    size_t index;
    json_t *item;
    json_array_foreach(json_object_get(view, "documents"), index, item)
    {
        if (strcmp(text_at(item, "id"), id) == 0)
            return json_incref(item);
    }
    ck_abort_msg("there is no document %s", id);
    return NULL;
}

/* The case again in a call of its officer, as fixture_case_in_call has it. */
static void
take_up(Handled *handled)
{
    Fixture *fixture = handled->served.fixture;
    json_decref(served_by_officer(&handled->served, 200, "POST", "/claim", NULL));
    fixture_join_call(fixture, &handled->served.one, "2");
}

START_TEST(determined_anew_and_all_that_was_stays)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Handled handled = handled_asked(fixture);
    Served *served = &handled.served;
    g_autofree char *old = g_strdup(served->document);
    json_decref(served_by_officer(served, 200, "POST", "/close", "{\"closing_code\":\"3\"}"));
    json_decref(step(&handled, 200, "forward", NULL));
    json_decref(step(&handled, 200, "conclude", CONCLUSION("anew", ",\"grounds\":[\"facts_unclear\",\"law_wrong\"]")));
    g_autofree char *path = case_path(&served->one, "");
    g_autoptr(json_t) opened = fixture_json(fixture, 200, (Call){.path = path, .token = handled.supervisor});
    ck_assert_str_eq(text_at(opened, "state"), "reopened");
    ck_assert_str_eq(text_at(opened, "determination.facts"), "甲车追尾乙车。");
    g_autofree char *redo = served_limits(served, served->one.token);
    ck_assert_ptr_nonnull(strstr(redo, "REDO"));
    g_autoptr(json_t) stands = seen_document(&handled, served->one.token, old);
    ck_assert(json_is_null(json_object_get(stands, "revoked_at")));

    take_up(&handled);
    g_autofree char *old_sha256 = g_strdup(served->sha256);
    g_autofree char *party_a = g_strdup_printf("/parties/%s", served->one.party_id);
    json_decref(served_by_officer(served, 200, "PATCH", party_a, "{\"phone\":\"13800000009\"}"));
    served_issue(served);
    ck_assert_str_ne(served->document, old);
    g_autofree char *late = g_strdup_printf("/documents/%s/signatures", old);
    g_autofree char *late_path = case_path(&served->one, late);
    g_autofree char *late_body = g_strdup_printf("{\"decision\":\"objected\",\"document_sha256\":\"%s\"}", old_sha256);
    g_autoptr(json_t) outdated = fixture_json(
        fixture, 409, (Call){.path = late_path, .token = served->one.token, .text = late_body});
    ck_assert_str_eq(code_of(outdated), "replaced");
    ck_assert_ptr_nonnull(strstr(text_at(outdated, "detail"), "-D2"));
    ck_assert_ptr_nonnull(strstr(text_at(outdated, "detail"), "改动：当事人甲：联系方式。"));
    g_autoptr(json_t) revoked = seen_document(&handled, served->one.token, old);
    ck_assert_str_eq(text_at(revoked, "replaced_by"), served->document);
    ck_assert_uint_eq(json_array_size(json_object_get(revoked, "signatures")), 2);
    g_autoptr(json_t) fresh = seen_document(&handled, served->one.token, served->document);
    ck_assert_ptr_nonnull(strstr(text_at(fresh, "number"), "-D2"));
    g_autofree char *text = read_paper(&handled, old);
    ck_assert_ptr_nonnull(strstr(text, "-D1"));
    served_decide(served, served->one.token, "signed");
    served_decide(served, served->token_b, "signed");
    g_autofree char *after = served_limits(served, served->one.token);
    ck_assert_ptr_nonnull(strstr(after, "-REDO"));
    ck_assert_ptr_null(strstr(after, "REVIEW_REQUEST"));
    g_autoptr(json_t) second = ask(served, 409, served->one.token, REQUEST, NULL);
    ck_assert_str_eq(code_of(second), "review-asked");
    handled_clear(&handled);
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
    tcase_add_test(all, it_is_forwarded_with_its_file);
    tcase_add_test(all, a_conclusion_has_what_its_outcome_needs);
    tcase_add_test(all, upheld_after_a_correction_and_served);
    tcase_add_test(all, a_suit_meanwhile_is_on_record);
    tcase_add_test(all, determined_anew_and_all_that_was_stays);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(reviews_suite())
