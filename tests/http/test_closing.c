/* How a case ends over HTTP: jafs and tjfs as arts. 25 and 26 of Order 146 have them, and what a party refused. */
#include <string.h>

#include "tests/http/served.h"

#define AGREED "\"mediation\":\"agreed\",\"mediation_result\":\"甲方赔偿乙方800元，当场付清。\","
#define DECLINED "\"mediation\":\"declined\","

static json_t *
close_case(Served *served, int status, const char *body)
{
    return served_by_officer(served, status, "POST", "/close", body);
}

static void
refused_with(Served *served, const char *body, const char *pointer)
{
    g_autoptr(json_t) problem = close_case(served, 422, body);
    ck_assert_str_eq(text_at(problem, "errors.0.pointer"), pointer);
}

/* As the officer's page has it: {"document": …} with the text. */
static char *
document_text(Served *served)
{
    g_autofree char *rest = g_strconcat("/documents/", served->document, NULL);
    g_autofree char *path = case_path(&served->one, rest);
    g_autoptr(Reply) reply = fixture_expect(
        served->fixture, 200, (Call){.path = path, .token = served->officer, .headers = "Accept: text/plain\r\n"});
    return g_strdup(reply_text(reply));
}

START_TEST(mediated_on_the_document)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture, .more = AGREED};
    served_issue(&served);
    g_autofree char *text = document_text(&served);
    ck_assert_ptr_nonnull(strstr(text, "甲方赔偿乙方800元"));
    ck_assert_ptr_nonnull(strstr(text, "第二十五条"));
    served_decide(&served, served.one.token, "signed");
    served_decide(&served, served.token_b, "signed");
    refused_with(&served, "{\"closing_code\":\"2\"}", "/closing_code");
    refused_with(&served, "{\"closing_code\":\"1\"}", "/mediation_method");
    refused_with(&served, "{\"closing_code\":\"1\",\"mediation_method\":\"9\"}", "/mediation_method");
    refused_with(&served, "{\"closing_code\":\"3\"}", "/closing_code");
    g_autoptr(json_t) closed = close_case(&served, 200, "{\"closing_code\":\"1\",\"mediation_method\":\"3\"}");
    ck_assert_str_eq(text_at(closed, "case.closing_code"), "1");
    ck_assert_str_eq(text_at(closed, "case.mediation_method"), "3");
    ck_assert_str_eq(text_at(closed, "case.mediation_result"), "甲方赔偿乙方800元，当场付清。");
    served_clear(&served);
}
END_TEST

START_TEST(mediated_afterwards)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    served_issue(&served);
    served_decide(&served, served.one.token, "signed");
    served_decide(&served, served.token_b, "signed");
    refused_with(&served, "{\"closing_code\":\"1\",\"mediation_method\":\"1\"}", "/mediation_result");
    refused_with(&served, "{\"closing_code\":\"2\",\"mediation_method\":\"1\"}", "/mediation_method");
    refused_with(&served, "{\"closing_code\":\"2\",\"mediation_result\":\"各自修车\"}", "/mediation_result");
    g_autoptr(json_t) closed = close_case(
        &served, 200, "{\"closing_code\":\"1\",\"mediation_method\":\"1\",\"mediation_result\":\"各自修车\"}");
    ck_assert_str_eq(text_at(closed, "case.mediation_result"), "各自修车");
    served_clear(&served);
}
END_TEST

START_TEST(one_refuses_and_the_officer_notes_what)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture, .more = DECLINED};
    served_issue(&served);
    g_autofree char *text = document_text(&served);
    ck_assert_ptr_nonnull(strstr(text, "第二十六条第三项"));
    served_decide(&served, served.one.token, "signed");
    g_autofree char *rest = g_strdup_printf("/documents/%s/signatures", served.document);
    g_autofree char *path = case_path(&served.one, rest);
    g_autofree char *own = g_strdup_printf(
        "{\"decision\":\"refused\",\"document_sha256\":\"%s\",\"refusal\":\"receipt\"}", served.sha256);
    reply_free(fixture_expect(fixture, 422, (Call){.path = path, .token = served.token_b, .text = own}));
    g_autofree char *odd = g_strdup_printf(
        "{\"decision\":\"refused\",\"document_sha256\":\"%s\",\"party_id\":\"%s\",\"refusal\":\"all\"}", served.sha256,
        served.party_b);
    json_decref(served_by_officer(&served, 422, "POST", rest, odd));
    g_autofree char *noted = g_strdup_printf("{\"decision\":\"refused\",\"document_sha256\":\"%s\",\"party_id\":\"%s\","
                                             "\"refusal\":\"receipt\",\"statement\":\"挂断电话，拒收。\"}",
                                             served.sha256, served.party_b);
    g_autoptr(json_t) signature = served_by_officer(&served, 201, "POST", rest, noted);
    ck_assert_str_eq(text_at(signature, "signature.refusal"), "receipt");
    ck_assert_str_eq(text_at(signature, "case.state"), "served");
    refused_with(&served, "{\"closing_code\":\"2\"}", "/closing_code");
    refused_with(&served, "{\"closing_code\":\"3\"}", "/closing_code");
    refused_with(&served, "{\"closing_code\":\"1\",\"mediation_method\":\"3\",\"mediation_result\":\"无\"}",
                 "/closing_code");
    g_autoptr(json_t) closed = close_case(&served, 200, "{\"closing_code\":\"4\"}");
    ck_assert_str_eq(text_at(closed, "case.closing_code"), "4");
    served_clear(&served);
}
END_TEST

START_TEST(a_draft_says_whole_things_of_a_mediation)
{
    static const struct {
        const char *more;
        int status;
    } drafts[] = {
        {"\"mediation\":\"agreed\",", 200}, /* its result is missing, which a draft may lack */
        {"\"mediation\":\"perhaps\",", 422},
        {"\"mediation\":\"declined\",\"mediation_result\":\"各自修车\",", 422},
        {"\"mediation_result\":\"各自修车\",", 422},
    };
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served served = {.fixture = fixture};
    served_call(&served);
    for (gsize i = 0; i < G_N_ELEMENTS(drafts); i++) {
        served.more = drafts[i].more;
        g_autofree char *draft = served_draft(&served);
        g_autoptr(json_t) put = served_by_officer(&served, drafts[i].status, "PUT", "/determination", draft);
        if (i == 0)
            ck_assert_str_eq(text_at(put, "missing.0.pointer"), "/mediation_result");
    }
    served_clear(&served);
}
END_TEST

static Suite *
closing_suite(void)
{
    Suite *suite = suite_create("http/closing");
    TCase *all = tcase_create("closing");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, mediated_on_the_document);
    tcase_add_test(all, mediated_afterwards);
    tcase_add_test(all, one_refuses_and_the_officer_notes_what);
    tcase_add_test(all, a_draft_says_whole_things_of_a_mediation);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(closing_suite())
