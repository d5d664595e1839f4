/* What runs out, as officer and parties see it over HTTP; and that a party's link lives as long as it is told of a
 * limit. */
#include <string.h>

#include "src/domain/deadlines.h"
#include "tests/http/fixture.h"

typedef struct {
    Fixture *fixture;
    char *officer;
    TestCase one;
    char *party_b, *token_b;
    char *document, *sha256;
} Way;

#define DRAFT                                                                                                          \
    "{\"occurred_at\":\"2026-11-23T08:30:00.000Z\",\"place_text\":\"商州区北新街\",\"weather\":\"1\","           \
    "\"accident_form\":\"11\",\"collision_type\":\"1\",\"facts\":\"甲车追尾乙车。\",\"cause\":"                 \
    "\"甲车未保持安全距离。\","                                                                              \
    "\"injured\":0,\"damage_cny\":800,\"parties\":["                                                                   \
    "{\"party_id\":\"%s\",\"vehicle_type\":\"K3\",\"plate_number\":\"陕H12345\",\"plate_type\":\"02\","               \
    "\"insurer\":\"picc\",\"licence_number\":\"612501000001\",\"collision_part\":\"front\","                           \
    "\"violations\":[\"REAR_END\"],\"liability\":\"full\"},"                                                           \
    "{\"party_id\":\"%s\",\"vehicle_type\":\"K3\",\"plate_number\":\"陕H54321\",\"plate_type\":\"02\","               \
    "\"insurer\":\"picc\",\"licence_number\":\"612501000002\",\"collision_part\":\"rear\",\"violations\":[],"          \
    "\"liability\":\"none\"}],"                                                                                        \
    "\"reasons\":[{\"text\":\"照片显示接触。\",\"evidence\":[{\"kind\":\"still\",\"id\":\"%s\"}]}]}"

/* Sent with the officer's token; owned reply. */
static json_t *
by_officer(Way *way, int status, const char *method, const char *rest, const char *body)
{
    g_autofree char *path = case_path(&way->one, rest);
    return fixture_json(way->fixture, status,
                        (Call){.method = method, .path = path, .token = way->officer, .text = body});
}

/* Two parties, an issued document that nobody has answered yet. */
static void
issue(Way *way)
{
    way->officer = fixture_sign_in(way->fixture, "officer");
    way->one = fixture_case_in_call(way->fixture, way->officer);
    g_autoptr(json_t) added = by_officer(way, 201, "POST", "/parties", "{\"name\":\"李四\"}");
    way->party_b = g_strdup(text_at(added, "party.id"));
    g_autofree char *invite = g_strdup_printf("{\"kind\":\"party\",\"party_id\":\"%s\"}", way->party_b);
    g_autoptr(json_t) link = by_officer(way, 201, "POST", "/invitations", invite);
    way->token_b = g_strdup(text_at(link, "token"));
    g_autofree char *freeze = g_strdup_printf("{\"party_id\":\"%s\",\"shot\":null}", way->one.party_id);
    g_autoptr(json_t) still = by_officer(way, 201, "POST", "/snapshots", freeze);
    g_autofree char *draft = g_strdup_printf(DRAFT, way->one.party_id, way->party_b, text_at(still, "still.id"));
    json_decref(by_officer(way, 200, "PUT", "/determination", draft));
    g_autoptr(json_t) issued = by_officer(way, 201, "POST", "/determination/issue", NULL);
    way->document = g_strdup(text_at(issued, "document.id"));
    way->sha256 = g_strdup(text_at(issued, "document.sha256"));
}

static void
way_clear(Way *way)
{
    char *texts[] = {way->officer, way->party_b, way->token_b, way->document, way->sha256};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    test_case_clear(&way->one);
}

static void
object(Way *way, const char *token)
{
    g_autofree char *rest = g_strdup_printf("/documents/%s/signatures", way->document);
    g_autofree char *path = case_path(&way->one, rest);
    g_autofree char *body = g_strdup_printf("{\"decision\":\"objected\",\"document_sha256\":\"%s\"}", way->sha256);
    reply_free(fixture_expect(way->fixture, 201, (Call){.path = path, .token = token, .text = body}));
}

static int
by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "CODE:A CODE:B CODE …" as this token sees the case, sorted; A, B or nothing for whose it is. Owned. */
static char *
seen(Way *way, const char *token)
{
    g_autofree char *path = case_path(&way->one, "");
    g_autoptr(json_t) view = fixture_json(way->fixture, 200, (Call){.path = path, .token = token});
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    size_t index;
    json_t *item;
    json_array_foreach(json_object_get(view, "deadlines"), index, item)
    {
        const char *party_id = json_string_value(json_object_get(item, "party_id"));
        const char *whose = party_id == NULL ? "" : strcmp(party_id, way->party_b) == 0 ? ":B" : ":A";
        g_ptr_array_add(names, g_strconcat(text_at(item, "code"), whose, NULL));
    }
    g_ptr_array_sort(names, by_text);
    g_ptr_array_add(names, NULL);
    return g_strjoinv(" ", (char **)names->pdata);
}

/* The deadline of that code and party; owned. */
static json_t *
one_of(Way *way, const char *token, const char *code, const char *party_id)
{
    g_autofree char *path = case_path(&way->one, "");
    g_autoptr(json_t) view = fixture_json(way->fixture, 200, (Call){.path = path, .token = token});
    size_t index;
    json_t *item;
    json_array_foreach(json_object_get(view, "deadlines"), index,
                       item) if (strcmp(text_at(item, "code"), code) == 0 &&
                                 g_strcmp0(json_string_value(json_object_get(item, "party_id")), party_id) ==
                                     0) return json_incref(item);
    ck_abort_msg("there is no %s", code);
    return NULL;
}

/* That hour of that day in China becomes the time of the service, give or take the seconds that the test runs. */
static void
set_day(Fixture *fixture, const char *text, int hour)
{
    KcDay day = 0;
    ck_assert(kc_day_from_text(text, &day));
    fixture->skew_us = kc_day_start_us(day) + hour * G_TIME_SPAN_HOUR - g_get_real_time();
}

START_TEST(each_sees_what_concerns_it)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Way way = {.fixture = fixture};
    issue(&way);
    g_autofree char *before = seen(&way, way.one.token);
    ck_assert_str_eq(before, ""); /* nothing is served yet */
    object(&way, way.one.token);
    g_autofree char *own = seen(&way, way.one.token), *other = seen(&way, way.token_b);
    ck_assert_str_eq(own, "MEDIATION_REQUEST:A REVIEW_REQUEST:A SUIT:A");
    ck_assert_str_eq(other, "");
    object(&way, way.token_b);
    g_autofree char *second = seen(&way, way.token_b), *staff = seen(&way, way.officer);
    ck_assert_str_eq(second, "MEDIATION_REQUEST:B REVIEW_REQUEST:B SUIT:B");
    ck_assert_str_eq(staff, "MEDIATION_REQUEST:A MEDIATION_REQUEST:B REVIEW_REQUEST:A REVIEW_REQUEST:B "
                            "SIMPLIFIED_DETERMINATION SUIT:A SUIT:B");
    g_autoptr(json_t) determined = one_of(&way, way.officer, "SIMPLIFIED_DETERMINATION", NULL);
    ck_assert_str_eq(text_at(determined, "state"), "ended");
    way_clear(&way);
}
END_TEST

/* Over the National Day of 2026: off from 1 to 7 October, Saturday the 10th is worked. */
START_TEST(a_review_can_be_asked_for_until_its_date)
{
    static const struct {
        const char *day;
        int days_left;
        const char *state;
    } times[] = {
        {"2026-09-30", 3, "running"},  {"2026-10-07", 3, "running"}, {"2026-10-09", 1, "due_soon"},
        {"2026-10-10", 0, "due_soon"}, {"2026-10-11", -1, "past"},   {"2026-10-20", -7, "past"},
    };
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Way way = {.fixture = fixture};
    set_day(fixture, "2026-09-30", 9);
    issue(&way);
    object(&way, way.one.token);
    for (gsize i = 0; i < G_N_ELEMENTS(times); i++) {
        set_day(fixture, times[i].day, 12);
        g_autoptr(json_t) then = one_of(&way, way.one.token, "REVIEW_REQUEST", way.one.party_id);
        ck_assert_str_eq(text_at(then, "due_on"), "2026-10-10");
        ck_assert_int_eq(json_integer_value(json_object_get(then, "days_left")), times[i].days_left);
        ck_assert_str_eq(text_at(then, "state"), times[i].state);
        ck_assert_str_eq(text_at(then, "bound"), "party");
        ck_assert(json_is_false(json_object_get(then, "provisional")));
        ck_assert_ptr_nonnull(strstr(text_at(then, "legal_basis"), "第71条"));
    }
    g_autoptr(json_t) mediation = one_of(&way, way.one.token, "MEDIATION_REQUEST", way.one.party_id);
    ck_assert_str_eq(text_at(mediation, "due_on"), "2026-10-20");
    way_clear(&way);
}
END_TEST

START_TEST(a_link_lives_as_long_as_its_limits_run)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Way way = {.fixture = fixture};
    set_day(fixture, "2026-09-30", 9);
    issue(&way);
    object(&way, way.one.token);
    g_autofree char *path = case_path(&way.one, "");
    set_day(fixture, "2026-10-20", 23);
    reply_free(fixture_expect(fixture, 200, (Call){.path = path, .token = way.one.token}));
    reply_free(fixture_expect(fixture, 401, (Call){.path = path, .token = way.token_b}));
    set_day(fixture, "2026-10-21", 0);
    reply_free(fixture_expect(fixture, 401, (Call){.path = path, .token = way.one.token}));
    way_clear(&way);
}
END_TEST

START_TEST(giving_a_case_back_wins_no_time)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    Way way = {.fixture = fixture, .officer = officer, .one = fixture_case_in_call(fixture, officer)};
    way.party_b = (char *)"";
    g_autofree char *hidden = seen(&way, way.one.token);
    ck_assert_str_eq(hidden, "");
    g_autoptr(json_t) first = one_of(&way, officer, "SIMPLIFIED_DETERMINATION", NULL);
    json_decref(by_officer(&way, 200, "POST", "/release", NULL));
    fixture->skew_us = G_TIME_SPAN_HOUR;
    json_decref(by_officer(&way, 200, "POST", "/claim", NULL));
    g_autoptr(json_t) second = one_of(&way, officer, "SIMPLIFIED_DETERMINATION", NULL);
    ck_assert_str_eq(text_at(second, "started_at"), text_at(first, "started_at"));
    ck_assert_str_eq(text_at(second, "due_on"), text_at(first, "due_on"));
    test_case_clear(&way.one);
}
END_TEST

static Suite *
deadlines_suite(void)
{
    Suite *suite = suite_create("http/deadlines");
    TCase *all = tcase_create("deadlines");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, each_sees_what_concerns_it);
    tcase_add_test(all, a_review_can_be_asked_for_until_its_date);
    tcase_add_test(all, a_link_lives_as_long_as_its_limits_run);
    tcase_add_test(all, giving_a_case_back_wins_no_time);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(deadlines_suite())
