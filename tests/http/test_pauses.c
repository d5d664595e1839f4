/* "I feel pressed": it stops the signing, and nobody learns of it but the party, whoever has the case and who oversees it. */
#include <string.h>

#include "src/app/accounts.h"
#include "src/app/events.h"
#include "tests/http/served.h"

#define WORDS "他站在我旁边催我签字"

static json_t *
pause_signing(Served *way, int status, const char *token, const char *body)
{
    g_autofree char *rest = g_strdup_printf("/documents/%s/pauses", way->document);
    g_autofree char *path = case_path(&way->one, rest);
    return fixture_json(way->fixture, status, (Call){.path = path, .token = token, .text = body});
}

static json_t *
resolve(Served *way, int status, const char *token, const json_t *paused, const char *body)
{
    g_autofree char *rest = g_strdup_printf("/pauses/%s/resolution", text_at(paused, "pause.id"));
    g_autofree char *path = case_path(&way->one, rest);
    return fixture_json(way->fixture, status, (Call){.path = path, .token = token, .text = body});
}

/* Owned body of the reply. */
static char *
try_to_sign(Served *way, int status, const char *token)
{
    g_autofree char *image = g_base64_encode(test_png, test_png_size);
    g_autofree char *rest = g_strdup_printf("/documents/%s/signatures", way->document);
    g_autofree char *path = case_path(&way->one, rest);
    g_autofree char *body = g_strdup_printf("{\"decision\":\"signed\",\"document_sha256\":\"%s\",\"image_png\":\"%s\"}",
                                            way->sha256, image);
    g_autoptr(Reply) reply = fixture_expect(way->fixture, status, (Call){.path = path, .token = token, .text = body});
    return g_strdup(reply_text(reply));
}

/* Without what each request of one's own changes. */
static char *
dump(json_t *root)
{
    size_t index;
    json_t *one;
    json_array_foreach(json_object_get(root, "parties"), index, one) json_object_del(one, "last_seen_at");
    return json_dumps(root, JSON_SORT_KEYS);
}

/* All that the holder of this token can look at. */
static char *
all_seen(Served *way, const char *token)
{
    static const char *const rests[] = {"", "/recusals", "/photo-requests", "/live-stills"};
    g_autoptr(GString) seen = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rests); i++) {
        g_autofree char *path = case_path(&way->one, rests[i]);
        g_autoptr(json_t) root = fixture_json(way->fixture, 200, (Call){.path = path, .token = token});
        char *text = dump(root);
        g_string_append_printf(seen, "%s %s\n", rests[i], text);
        free(text);
    }
    g_autofree char *rest = g_strdup_printf("/documents/%s", way->document);
    g_autofree char *path = case_path(&way->one, rest);
    g_autoptr(Reply) text =
        fixture_expect(way->fixture, 200, (Call){.path = path, .token = token, .headers = "Accept: text/plain\r\n"});
    g_string_append(seen, reply_text(text));
    g_autoptr(json_t) cases = fixture_json(way->fixture, 200, (Call){.path = "/api/v1/cases", .token = token});
    char *list = dump(json_array_get(json_object_get(cases, "items"), 0));
    g_string_append(seen, list);
    free(list);
    return g_string_free(g_steal_pointer(&seen), FALSE);
}

/* The data of every event for the holder of this token; owned. */
static char *
events_of(Served *way, const char *token)
{
    g_auto(KcResult) result = {0};
    g_autoptr(GError) error = NULL;
    g_autoptr(KcPrincipal) who = NULL;
    g_autoptr(GPtrArray) events = NULL;
    gint64 newest;
    ck_assert(kc_app_authenticate(way->fixture->app, token, NULL, &who, &result, &error));
    g_auto(GStrv) blind = NULL;
    ck_assert(kc_app_events_since(way->fixture->app, who, 0, 1000, &events, &newest, &blind, &result, &error));
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < events->len; i++)
        g_string_append_printf(text, "%s\n", ((const KcEvent *)events->pdata[i])->data_json);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

START_TEST(no_other_party_learns_of_it)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_issue(&way);
    free(all_seen(&way, way.token_b)); /* the first opening is noted */
    g_autofree char *before = all_seen(&way, way.token_b), *told_before = events_of(&way, way.token_b);
    json_decref(pause_signing(&way, 201, way.one.token, "{\"reason\":\"other_party\",\"words\":\"" WORDS "\"}"));
    g_autofree char *after = all_seen(&way, way.token_b), *told_after = events_of(&way, way.token_b);
    ck_assert_str_eq(after, before);
    ck_assert_str_eq(told_after, told_before);
    g_autofree char *of_b = try_to_sign(&way, 409, way.token_b);
    ck_assert_ptr_nonnull(strstr(of_b, "signing-paused"));
    /* The one who pressed is told in the same words as who did not. */
    g_autofree char *of_a = try_to_sign(&way, 409, way.one.token);
    ck_assert_str_eq(of_a, of_b);
    g_autofree char *own = events_of(&way, way.one.token), *desk = events_of(&way, way.officer);
    ck_assert_ptr_nonnull(strstr(own, "signing.paused"));
    ck_assert_ptr_nonnull(strstr(desk, "signing.paused"));
    g_autofree char *auditor = fixture_sign_in(fixture, "auditor"), *audit = events_of(&way, auditor);
    ck_assert_ptr_null(strstr(audit, "signing.paused"));
    served_clear(&way);
}
END_TEST

static json_t *
pauses_of(Served *way, const char *token)
{
    g_autofree char *path = case_path(&way->one, "");
    g_autoptr(json_t) view = fixture_json(way->fixture, 200, (Call){.path = path, .token = token});
    return json_incref(json_object_get(view, "pauses"));
}

static gsize
standing_for(Served *way, const char *token)
{
    g_autoptr(json_t) list = fixture_json(way->fixture, 200, (Call){.path = "/api/v1/pauses", .token = token});
    return json_array_size(json_object_get(list, "items"));
}

START_TEST(who_has_the_case_speaks_with_the_party_and_it_goes_on)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_issue(&way);
    g_autofree char *supervisor = fixture_sign_in(fixture, "supervisor");
    g_autofree char *intake = fixture_sign_in(fixture, "intake");
    g_autoptr(json_t) paused = pause_signing(&way, 201, way.one.token, "{\"words\":\"" WORDS "\"}");
    g_autoptr(json_t) again = pause_signing(&way, 201, way.one.token, "{}");
    ck_assert_str_eq(text_at(again, "pause.id"), text_at(paused, "pause.id"));
    ck_assert_uint_eq(standing_for(&way, way.officer), 1);
    ck_assert_uint_eq(standing_for(&way, supervisor), 1);
    ck_assert_uint_eq(standing_for(&way, intake), 0);
    g_autoptr(json_t) of_officer = pauses_of(&way, way.officer), of_intake = pauses_of(&way, intake);
    g_autoptr(json_t) of_b = pauses_of(&way, way.token_b);
    ck_assert_str_eq(text_at(of_officer, "0.words"), WORDS);
    ck_assert_str_eq(text_at(of_officer, "0.party_label"), "A");
    ck_assert_uint_eq(json_array_size(of_intake), 0);
    ck_assert_uint_eq(json_array_size(of_b), 0);

    json_decref(resolve(&way, 422, way.officer, paused, "{\"outcome\":\"goes_on\",\"note\":\"\"}"));
    json_decref(resolve(&way, 422, way.officer, paused, "{\"outcome\":\"lapsed\",\"note\":\"n\"}"));
    json_decref(resolve(&way, 409, way.officer, paused, "{\"outcome\":\"document_withdrawn\",\"note\":\"n\"}"));
    json_decref(resolve(&way, 403, intake, paused, "{\"outcome\":\"goes_on\",\"note\":\"n\"}"));
    g_autoptr(json_t) done =
        resolve(&way, 200, way.officer, paused, "{\"outcome\":\"goes_on\",\"note\":\"单独谈过，自愿签字\"}");
    ck_assert_str_eq(text_at(done, "pause.outcome"), "goes_on");
    json_decref(resolve(&way, 409, way.officer, paused, "{\"outcome\":\"goes_on\",\"note\":\"n\"}"));
    g_autoptr(json_t) own = pauses_of(&way, way.one.token);
    ck_assert_str_eq(text_at(own, "0.outcome"), "goes_on");
    ck_assert(json_is_null(json_object_get(json_array_get(own, 0), "note")));
    free(try_to_sign(&way, 201, way.token_b));
    free(try_to_sign(&way, 201, way.one.token));
    served_clear(&way);
}
END_TEST

START_TEST(it_can_be_taken_back_and_one_may_always_refuse)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_issue(&way);
    g_autoptr(json_t) paused = pause_signing(&way, 201, way.one.token, "{}");
    g_autofree char *rest = g_strdup_printf("/pauses/%s", text_at(paused, "pause.id"));
    g_autofree char *path = case_path(&way.one, rest);
    reply_free(fixture_expect(fixture, 404, (Call){.method = "DELETE", .path = path, .token = way.token_b}));
    reply_free(fixture_expect(fixture, 204, (Call){.method = "DELETE", .path = path, .token = way.one.token}));
    reply_free(fixture_expect(fixture, 409, (Call){.method = "DELETE", .path = path, .token = way.one.token}));
    free(try_to_sign(&way, 201, way.token_b));
    json_decref(pause_signing(&way, 409, way.token_b, "{}")); /* it has signed */
    json_decref(pause_signing(&way, 422, way.one.token, "{\"reason\":\"bored\"}"));
    json_decref(pause_signing(&way, 201, way.one.token, "{\"reason\":\"hurry\"}"));
    served_decide(&way, way.one.token, "objected");
    g_autoptr(json_t) own = pauses_of(&way, way.one.token);
    ck_assert_str_eq(text_at(own, "1.outcome"), "lapsed");
    served_clear(&way);
}
END_TEST

START_TEST(an_officer_is_sent)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_issue(&way);
    g_autoptr(json_t) paused = pause_signing(&way, 201, way.token_b, "{\"reason\":\"officer\"}");
    g_autofree char *supervisor = fixture_sign_in(fixture, "supervisor");
    json_decref(resolve(&way, 200, supervisor, paused, "{\"outcome\":\"officer_sent\",\"note\":\"改为现场处理\"}"));
    g_autofree char *path = case_path(&way.one, "");
    g_autoptr(json_t) view = fixture_json(fixture, 200, (Call){.path = path, .token = way.one.token});
    ck_assert_str_eq(text_at(view, "state"), "on_scene");
    ck_assert_uint_eq(json_array_size(json_object_get(view, "pauses")), 0);
    served_clear(&way);
}
END_TEST

/* What the party said and what was noted stand nowhere in the clear. */
START_TEST(it_is_sealed)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Served way = {.fixture = fixture};
    served_issue(&way);
    g_autoptr(json_t) paused = pause_signing(&way, 201, way.one.token, "{\"words\":\"" WORDS "\"}");
    json_decref(resolve(&way, 200, way.officer, paused, "{\"outcome\":\"goes_on\",\"note\":\"" WORDS "，已安抚\"}"));
    g_autofree char *path = case_path(&way.one, "/timeline");
    g_autoptr(Reply) timeline = fixture_expect(fixture, 200, (Call){.path = path, .token = way.officer});
    ck_assert_ptr_nonnull(strstr(reply_text(timeline), "signing.paused"));
    ck_assert_ptr_nonnull(strstr(reply_text(timeline), "goes_on"));
    ck_assert_ptr_null(strstr(reply_text(timeline), WORDS));
    g_autoptr(GDir) folder = g_dir_open(fixture->dir, 0, NULL);
    guint files = 0;
    for (const char *name; (name = g_dir_read_name(folder)) != NULL;) {
        g_autofree char *file = g_build_filename(fixture->dir, name, NULL);
        g_autofree char *bytes = NULL;
        gsize size;
        if (!g_file_get_contents(file, &bytes, &size, NULL))
            continue;
        files++;
        ck_assert_msg(memmem(bytes, size, WORDS, strlen(WORDS)) == NULL, "%s has it in the clear", name);
    }
    ck_assert_uint_gt(files, 1);
    served_clear(&way);
}
END_TEST

static Suite *
pauses_suite(void)
{
    Suite *suite = suite_create("http/pauses");
    TCase *all = tcase_create("pauses");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, no_other_party_learns_of_it);
    tcase_add_test(all, who_has_the_case_speaks_with_the_party_and_it_goes_on);
    tcase_add_test(all, it_can_be_taken_back_and_one_may_always_refuse);
    tcase_add_test(all, an_officer_is_sent);
    tcase_add_test(all, it_is_sealed);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(pauses_suite())
