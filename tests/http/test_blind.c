/* A second look over HTTP: who is blind to a case learns nothing of what others came to, by whatever way, until the own
 * answers are handed in. */
#include <string.h>
#include <unistd.h>

#include "src/app/check.h"
#include "src/app/internal.h"
#include "src/app/samples.h"
#include "src/base/hex.h"
#include "src/store/draw_store.h"
#include "tests/http/bundled.h"

#define LOOKS "/api/v1/audit/blind-looks"
#define WAIT_MS 3000

typedef struct {
    Fixture *fixture;
    Served served;
    char *admin, *first, *second, *supervisor;
    char *look; /* id of the second look, which is the second auditor's */
} Office;

static char *
add_auditor(Office *office, const char *username, const char *name)
{
    g_autofree char *body = g_strdup_printf(
        "{\"username\":\"%s\",\"password\":\"kuaichu-demo\",\"role\":\"auditor\",\"name\":\"%s\"}", username, name);
    g_autoptr(json_t) user =
        fixture_json(office->fixture, 201, (Call){.path = "/api/v1/admin/users", .token = office->admin, .text = body});
    ck_assert_str_eq(text_at(user, "role"), "auditor");
    return fixture_sign_in(office->fixture, username);
}

static void
draw_samples(Office *office)
{
    g_autoptr(GError) error = NULL;
    kc_app_draw_samples(office->fixture->app, &error);
    kc_assert_no_error(error);
}

static json_t *
ask(Office *office, const char *method, const char *rest, const char *token, const char *body, int status)
{
    g_autofree char *path = case_path(&office->served.one, rest);
    return fixture_json(office->fixture, status, (Call){.method = method, .path = path, .token = token, .text = body});
}

static json_t *
look(Office *office, const char *rest, const char *token, const char *body, int status)
{
    g_autofree char *path =
        g_strconcat(LOOKS, rest != NULL ? "/" : "", rest != NULL ? office->look : "", rest != NULL ? rest : "", NULL);
    return fixture_json(office->fixture, status, (Call){.path = path, .token = token, .text = body});
}

/* A week later, in a new session of each. */
static void
sleep_a_week(Office *office)
{
    office->fixture->skew_us += 8 * G_TIME_SPAN_DAY;
    office->admin = fixture_sign_in(office->fixture, "admin");
    office->first = fixture_sign_in(office->fixture, "auditor");
    office->supervisor = fixture_sign_in(office->fixture, "supervisor");
}

#define SCORES                                                                                                         \
    "{\"kind\":\"scores\",\"scores\":[{\"criterion\":\"safety\",\"score\":2},{\"criterion\":\"evidence\",\"score\":4}" \
    ","                                                                                                                \
    "{\"criterion\":\"determination\",\"score\":1}]}"
#define FINDING                                                                                                        \
    "{\"kind\":\"finding\",\"severity\":\"major\",\"criterion\":\"determination\",\"text\":\"责任认定不当\"}"

/* A case that was closed and drawn. Its second look will be the supervisor's; or that one has seen it, and a second
 * auditor is left. */
static void
office_open_for(Office *office, gboolean supervisor)
{
    draw_samples(office);
    office->served.fixture = office->fixture;
    bundled_case(&office->served);
    json_decref(served_by_officer(&office->served, 201, "POST", "/messages", "{\"text\":\"请稍等\"}"));
    json_decref(ask(office, "POST", "/messages", office->served.token_b, "{\"text\":\"我听不见\"}", 201));
    json_decref(served_by_officer(&office->served, 200, "POST", "/close", "{\"closing_code\":\"3\"}"));
    if (supervisor)
        json_decref(ask(office, "POST", "/review-requests", office->served.token_b,
                        "{\"request\":\"重新认定\",\"reasons\":\"不公\",\"evidence\":\"录像\"}", 201));
    sleep_a_week(office);
    draw_samples(office);
    if (supervisor)
        return;
    json_decref(ask(office, "POST", "/accesses", office->supervisor, "{\"purpose\":\"complaint\"}", 201));
    office->second = add_auditor(office, "second", "赵二");
}

static void
office_open(Office *office)
{
    office_open_for(office, FALSE);
}

static void
office_assign(Office *office)
{
    office_open(office);
    json_decref(ask(office, "POST", "/reviews", office->first, FINDING, 201));
    json_decref(ask(office, "POST", "/reviews", office->first, SCORES, 201));
    g_autoptr(json_t) list = look(office, NULL, office->second, NULL, 200);
    ck_assert_uint_eq(json_array_size(json_object_get(list, "items")), 1);
    ck_assert(json_is_true(json_object_get(json_array_get(json_object_get(list, "items"), 0), "own")));
    office->look = g_strdup(text_at(list, "items.0.id"));
}

static void
office_close(Office *office)
{
    char *texts[] = {office->admin, office->first, office->second, office->supervisor, office->look};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    served_clear(&office->served);
}

/* What the officer, the parties and the first look came to, and who they are. */
static const char *const secrets[] = {"\"full\"", "甲车追尾", "REAR_END", "责任认定不当", "objected",
                                      "611001",   "张三",     "李四",     "陈静",         NULL};

static void
tells_nothing(const char *text, const char *where)
{
    for (gsize i = 0; secrets[i] != NULL; i++)
        ck_assert_msg(strstr(text, secrets[i]) == NULL, "%s tells %s: %s", where, secrets[i], text);
}

START_TEST(who_looks_sees_the_evidence_alone)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Office office = {.fixture = fixture};
    fixture->app->purpose_required = TRUE;
    office_assign(&office);
    g_autoptr(json_t) sheet = look(&office, "", office.second, NULL, 200);
    g_autofree char *text = json_dumps(sheet, 0);
    tells_nothing(text, "the sheet");
    ck_assert_str_eq(text_at(sheet, "look.state"), "open");
    ck_assert_str_eq(text_at(sheet, "scene.place.text"), "商州区北新街与工农路路口");
    ck_assert_str_eq(text_at(sheet, "scene.parties.1.label"), "B");
    ck_assert(json_is_null(json_object_get(sheet, "comparison")));
    /* Two photos and a still; a licence is no evidence of how it happened. */
    ck_assert_uint_eq(json_array_size(json_object_get(json_object_get(sheet, "scene"), "stills")), 3);
    g_autoptr(json_t) recordings = ask(&office, "GET", "/recordings", office.second, NULL, 200);
    g_autofree char *tracks = json_dumps(recordings, 0);
    tells_nothing(tracks, "the recordings");
    ck_assert_uint_gt(json_array_size(json_object_get(recordings, "items")), 1);
    /* Who wrote it by the part in the call alone. */
    g_autoptr(json_t) messages = ask(&office, "GET", "/messages", office.second, NULL, 200);
    g_autofree char *written = json_dumps(messages, 0);
    tells_nothing(written, "the messages");
    ck_assert_str_eq(text_at(messages, "items.0.from.kind"), "user");
    ck_assert_str_eq(text_at(messages, "items.1.from.label"), "B");
    /* To be drawn is the purpose; the party sees it. */
    reply_free(
        fixture_expect(fixture, 200, (Call){.path = text_at(recordings, "items.0.url"), .token = office.second}));
    reply_free(
        fixture_expect(fixture, 200, (Call){.path = text_at(sheet, "scene.stills.0.url"), .token = office.second}));
    reply_free(
        fixture_expect(fixture, 403, (Call){.path = text_at(sheet, "scene.stills.0.url"), .token = office.first}));
    json_decref(look(&office, "", office.first, NULL, 403));
    json_decref(look(&office, "", office.served.officer, NULL, 401)); /* whose session has ended */
    office_close(&office);
}
END_TEST

/* ---- Leaks ---- */

static const struct {
    const char *method, *rest, *body;
} closed[] = {
    {"GET", "", NULL},
    {"GET", "/timeline", NULL},
    {"GET", "/documents/{document}", NULL},
    {"POST", "/bundle", NULL},
    {"GET", "/reviews", NULL},
    {"POST", "/reviews", SCORES},
    {"POST", "/reviews", FINDING},
    {"GET", "/accesses", NULL},
    {"POST", "/accesses", "{\"purpose\":\"sample\"}"},
    {"GET", "/determination/approval", NULL},
    {"GET", "/recusals", NULL},
    {"GET", "/holds", NULL},
    {"GET", "/parties/{party}/consents", NULL},
    {"GET", "/objects/{document}", NULL},
};

START_TEST(the_case_is_closed_to_who_is_blind)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Office office = {.fixture = fixture};
    office_assign(&office);
    for (gsize i = 0; i < G_N_ELEMENTS(closed); i++) {
        g_autoptr(GString) rest = g_string_new(closed[i].rest);
        g_string_replace(rest, "{document}", office.served.document, 0);
        g_string_replace(rest, "{party}", office.served.party_b, 0);
        g_autofree char *path = case_path(&office.served.one, rest->str);
        g_autoptr(Reply) reply = fixture_expect(
            fixture, 409,
            (Call){.method = closed[i].method, .path = path, .token = office.second, .text = closed[i].body});
        ck_assert_msg(strstr(reply_text(reply), "blind-look") != NULL, "%s", path);
        tells_nothing(reply_text(reply), path);
    }
    office_close(&office);
}
END_TEST

/* Each list has the case for the first auditor, and not a word of it for the second. */
static const char *const lists[] = {
    "/api/v1/cases",
    "/api/v1/cases?q=%E9%99%95H12345", /* 陕H12345 */
    "/api/v1/cases?decision=objected",
    "/api/v1/reports/cases",
    "/api/v1/reports/cases?by=outcome&key=determined",
    "/api/v1/audit/samples",
    "/api/v1/findings",
    "/api/v1/admin/retention?days=3650",
};

START_TEST(no_list_has_the_case)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Office office = {.fixture = fixture};
    office_assign(&office);
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autoptr(Reply) whole = fixture_expect(fixture, 200, (Call){.path = lists[i], .token = office.first});
        g_autoptr(Reply) blind = fixture_expect(fixture, 200, (Call){.path = lists[i], .token = office.second});
        ck_assert_msg(strstr(reply_text(whole), office.served.one.id) != NULL, "%s", lists[i]);
        ck_assert_msg(strstr(reply_text(blind), office.served.one.id) == NULL, "%s", lists[i]);
        tells_nothing(reply_text(blind), lists[i]);
    }
    g_autoptr(json_t) found = fixture_json(fixture, 200, (Call){.path = "/api/v1/cases", .token = office.second});
    ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(found, "count"), "value")), 0);
    office_close(&office);
}
END_TEST

static json_int_t
counted(Fixture *fixture, const char *token)
{
    g_autoptr(json_t) report =
        fixture_json(fixture, 200, (Call){.path = "/api/v1/reports/summary?by=officer,outcome", .token = token});
    return json_integer_value(json_object_get(json_object_get(json_object_get(report, "total"), "figures"), "cases"));
}

START_TEST(no_figure_counts_it)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Office office = {.fixture = fixture};
    office_assign(&office);
    ck_assert_int_eq(counted(fixture, office.first), 1);
    ck_assert_int_eq(counted(fixture, office.second), 0);
    office_close(&office);
}
END_TEST

static int
listen_from(Fixture *fixture, const char *token, const char *last)
{
    g_autofree char *request = g_strdup_printf(
        "GET /api/v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nLast-Event-ID: %s\r\n\r\n", token, last);
    int fd = client_connect(fixture->port);
    client_send(fd, request, strlen(request));
    return fd;
}

/* What was heard up to that, without it; owned. */
static char *
heard_before(int fd, const char *end)
{
    char *heard = client_read_until(fd, end, WAIT_MS);
    ck_assert_msg(heard != NULL, "%s was not heard", end);
    *strstr(heard, end) = '\0';
    return heard;
}

/* Neither what happened before, nor what happens meanwhile. */
START_TEST(no_event_tells_of_it)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Office office = {.fixture = fixture};
    office_assign(&office);
    int whole = listen_from(fixture, office.first, "0"), blind = listen_from(fixture, office.second, "0");
    g_autofree char *all = heard_before(whole, "event: document.issued\n");
    ck_assert_ptr_nonnull(strstr(all, office.served.one.id));
    g_autofree char *before = heard_before(blind, "event: blind.assigned\n");
    ck_assert_msg(strstr(before, office.served.one.id) == NULL, "%s", before);
    json_decref(ask(&office, "POST", "/reopen", office.supervisor, NULL, 200));
    json_decref(look(&office, "/return", office.second, "{\"reason\":\"认识甲方\"}", 200));
    g_autofree char *meanwhile = heard_before(blind, "event: blind.ended\n");
    ck_assert_msg(strstr(meanwhile, "case.updated") == NULL, "%s", meanwhile);
    close(whole);
    close(blind);
    office_close(&office);
}
END_TEST

/* ---- Handing in ---- */

#define GOOD                                                                                                           \
    "{\"liability\":[{\"party_id\":\"%s\",\"liability\":\"primary\"},{\"party_id\":\"%s\",\"liability\":"              \
    "\"secondary\"}],"                                                                                                 \
    "\"accident_form\":\"11\",\"scores\":[{\"criterion\":\"safety\",\"score\":2},{\"criterion\":\"evidence\","         \
    "\"score\":5},"                                                                                                    \
    "{\"criterion\":\"manner\",\"score\":3}],\"text\":\"乙车也有责任\"}"

static char *
answers(const Office *office, const char *format)
{
    g_autoptr(GString) body = g_string_new(format);
    g_string_replace(body, "%s", office->served.one.party_id, 1);
    g_string_replace(body, "%s", office->served.party_b, 1);
    return g_string_free(g_steal_pointer(&body), FALSE);
}

#define PARTS(a, b) "[{\"party_id\":\"%s\",\"liability\":\"" a "\"},{\"party_id\":\"%s\",\"liability\":\"" b "\"}]"
#define SCORE "[{\"criterion\":\"safety\",\"score\":3}]"

static const struct {
    const char *body, *pointer;
} wrong[] = {
    {"{}", NULL},
    {"{\"liability\":[],\"scores\":" SCORE "}", "/liability"},
    {"{\"liability\":[{\"party_id\":\"%s\",\"liability\":\"full\"}],\"scores\":" SCORE "}", "/liability"},
    {"{\"liability\":" PARTS("full", "full") ",\"scores\":" SCORE "}", "/liability/1/liability"},
    {"{\"liability\":" PARTS("full", "guilty") ",\"scores\":" SCORE "}", "/liability/1/liability"},
    {"{\"liability\":[{\"party_id\":\"01936d7e-0000-7000-8000-000000000001\",\"liability\":\"full\"}],\"scores\":" SCORE
     "}",
     "/liability/0/party_id"},
    {"{\"liability\":" PARTS("full", "none") ",\"scores\":[]}", "/scores"},
    {"{\"liability\":" PARTS("full", "none") ",\"scores\":[{\"criterion\":\"determination\",\"score\":3}]}",
     "/scores/0/criterion"},
    {"{\"liability\":" PARTS("full", "none") ",\"scores\":[{\"criterion\":\"safety\",\"score\":6}]}",
     "/scores/0/score"},
    {"{\"liability\":" PARTS("full", "none") ",\"scores\":[{\"criterion\":\"safety\",\"score\":3},"
                                             "{\"criterion\":\"safety\",\"score\":4}]}",
     "/scores/1/criterion"},
    {"{\"liability\":" PARTS("full", "none") ",\"accident_form\":\"no such\",\"scores\":" SCORE "}", "/accident_form"},
    {"{\"liability\":" PARTS("full", "none") ",\"scores\":" SCORE ",\"verdict\":1}", "/verdict"},
};

START_TEST(what_is_wrong_is_named_and_nothing_is_lost)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Office office = {.fixture = fixture};
    office_assign(&office);
    g_autofree char *path = g_strconcat(LOOKS "/", office.look, "/answer", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autofree char *body = answers(&office, wrong[i].body);
        g_autoptr(json_t) problem = look(&office, "/answer", office.second, body, 422);
        if (wrong[i].pointer != NULL)
            ck_assert_str_eq(text_at(problem, "errors.0.pointer"), wrong[i].pointer);
    }
    reply_free(fixture_expect(fixture, 400, (Call){.path = path, .token = office.second, .text = "{\"liability\":"}));
    g_autofree char *long_text = g_strnfill(KC_LIMIT_TEXT_CHARS + 1, 'a');
    g_autofree char *too_long = g_strdup_printf("{\"liability\":[],\"scores\":[],\"text\":\"%s\"}", long_text);
    g_autoptr(json_t) refused = look(&office, "/answer", office.second, too_long, 422);
    ck_assert_str_eq(text_at(refused, "errors.0.pointer"), "/text");
    g_autofree char *good = answers(&office, GOOD);
    json_decref(look(&office, "/answer", office.first, good, 403));
    json_decref(look(&office, "/answer", office.supervisor, good, 403));
    json_decref(look(&office, "/answer", office.admin, good, 403));
    g_autoptr(json_t) kept = look(&office, "/answer", office.second, good, 200);
    ck_assert_str_eq(text_at(kept, "look.state"), "handed_in");
    json_decref(look(&office, "/answer", office.second, good, 409));
    json_decref(look(&office, "/return", office.second, "{\"reason\":\"认识甲方\"}", 409));
    office_close(&office);
}
END_TEST

static const json_t *
answer_to(const json_t *sheet, const char *question)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(json_object_get(sheet, "comparison"), "answers"), i, one)
    {
        if (strcmp(text_at(one, "question"), question) == 0)
            return one;
    }
    ck_abort_msg("no answer to %s", question);
}

static gsize
entries_of(Office *office, const char *kind)
{
    gsize count = 0, i;
    json_t *one;
    g_autoptr(json_t) timeline = ask(office, "GET", "/timeline", office->first, NULL, 200);
    json_array_foreach(json_object_get(timeline, "items"), i, one) count += strcmp(text_at(one, "kind"), kind) == 0;
    return count;
}

START_TEST(then_both_are_shown_side_by_side)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Office office = {.fixture = fixture};
    office_assign(&office);
    g_autofree char *good = answers(&office, GOOD);
    json_decref(look(&office, "/answer", office.second, good, 200));
    json_decref(ask(&office, "GET", "", office.second, NULL, 200));
    ck_assert_int_eq(counted(fixture, office.second), 1);
    ck_assert_uint_eq(entries_of(&office, "blind.assigned"), 1);
    ck_assert_uint_eq(entries_of(&office, "blind.handed_in"), 1);
    ck_assert_uint_eq(entries_of(&office, "blind.disclosed"), 0);
    g_autoptr(json_t) sheet = look(&office, "", office.second, NULL, 200);
    ck_assert_uint_eq(entries_of(&office, "blind.disclosed"), 1);
    ck_assert_str_eq(text_at(sheet, "text"), "乙车也有责任");
    ck_assert_str_eq(text_at(sheet, "comparison.first_by"), "陈静");
    const json_t *liability = answer_to(sheet, "liability"), *manner = answer_to(sheet, "manner");
    ck_assert_str_eq(text_at(liability, "first"), "A=full B=none");
    ck_assert_str_eq(text_at(liability, "second"), "A=primary B=secondary");
    ck_assert(json_is_true(json_object_get(liability, "differs")));
    ck_assert(json_is_false(json_object_get(answer_to(sheet, "accident_form"), "differs")));
    ck_assert(json_is_false(json_object_get(answer_to(sheet, "safety"), "differs")));
    ck_assert(json_is_true(json_object_get(answer_to(sheet, "evidence"), "differs")));
    ck_assert(json_is_null(json_object_get(manner, "first"))); /* which the first did not score */
    ck_assert(json_is_null(json_object_get(manner, "differs")));
    ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(sheet, "look"), "differing")), 2);
    json_decref(look(&office, "", office.first, NULL, 200));
    office_close(&office);
}
END_TEST

START_TEST(how_far_both_agree_is_counted)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Office office = {.fixture = fixture};
    office_assign(&office);
    g_autofree char *good = answers(&office, GOOD);
    json_decref(look(&office, "/answer", office.second, good, 200));
    g_autoptr(json_t) rates =
        fixture_json(fixture, 200, (Call){.path = "/api/v1/audit/agreement", .token = office.first});
    const json_t *items = json_object_get(rates, "items");
    ck_assert_uint_eq(json_array_size(items), 8); /* liability, form, safety, evidence: of all, and of the month */
    const json_t *liability = json_array_get(items, 0), *form = json_array_get(items, 1);
    ck_assert_str_eq(text_at(liability, "question"), "liability");
    ck_assert(json_is_null(json_object_get(liability, "period")));
    ck_assert_int_eq(json_integer_value(json_object_get(liability, "agreed")), 0);
    ck_assert_int_eq(json_integer_value(json_object_get(form, "agreed")), 1);
    ck_assert_double_eq_tol(json_number_value(json_object_get(form, "low")), 0.2065, 0.00005); /* 1 of 1, Wilson */
    ck_assert(json_is_null(json_object_get(form, "kappa")));
    g_autoptr(Reply) csv = fixture_expect(
        fixture, 200, (Call){.path = "/api/v1/audit/agreement?format=csv&by=year", .token = office.supervisor});
    ck_assert_ptr_nonnull(
        strstr(reply_text(csv), "period,question,count,agreed,percent,low_percent,high_percent,kappa\r\n"));
    ck_assert_ptr_nonnull(strstr(reply_text(csv), "\r\n,safety,1,1,100.0,20.7,100.0,\r\n"));
    static const char *const odd[] = {"?by=week", "?from=yesterday", "?format=xls", "?from=2026-11-02&to=2026-11-01"};
    for (gsize i = 0; i < G_N_ELEMENTS(odd); i++) {
        g_autofree char *path = g_strconcat("/api/v1/audit/agreement", odd[i], NULL);
        reply_free(fixture_expect(fixture, 422, (Call){.path = path, .token = office.first}));
    }
    office_close(&office);
}
END_TEST

/* ---- Giving back ---- */

START_TEST(who_knows_somebody_gives_it_back)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Office office = {.fixture = fixture};
    office_assign(&office);
    g_autofree char *third = add_auditor(&office, "third", "钱三");
    json_decref(look(&office, "/return", office.second, "{}", 422));
    json_decref(look(&office, "/return", office.second, "{\"reason\":\"\"}", 422));
    json_decref(look(&office, "/return", third, "{\"reason\":\"想看\"}", 403));
    g_autoptr(json_t) back = look(&office, "/return", office.second, "{\"reason\":\"认识甲方\"}", 200);
    ck_assert_str_eq(text_at(back, "look.state"), "given_back");
    json_decref(ask(&office, "GET", "", office.second, NULL, 200));
    json_decref(ask(&office, "GET", "", third, NULL, 409));
    g_autoptr(json_t) list = look(&office, NULL, third, NULL, 200);
    ck_assert_uint_eq(json_array_size(json_object_get(list, "items")), 1);
    ck_assert_int_eq(json_integer_value(json_object_get(json_array_get(json_object_get(list, "items"), 0), "turn")), 2);
    json_decref(look(&office, "", third, NULL, 404)); /* which may say whom one knows */
    g_autoptr(json_t) told = look(&office, "", office.first, NULL, 200);
    ck_assert_str_eq(text_at(told, "text"), "认识甲方");
    fixture->skew_us += 15 * G_TIME_SPAN_DAY;
    g_autofree char *later = fixture_sign_in(fixture, "auditor");
    g_autoptr(json_t) open = look(&office, NULL, later, NULL, 200);
    ck_assert(json_is_true(json_object_get(json_array_get(json_object_get(open, "items"), 0), "late")));
    office_close(&office);
}
END_TEST

START_TEST(without_a_first_look_there_is_no_second)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Office office = {.fixture = fixture};
    office_open(&office);
    g_autoptr(json_t) before = look(&office, NULL, office.second, NULL, 200);
    ck_assert_uint_eq(json_array_size(json_object_get(before, "items")), 0);
    ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(before, "waiting"), "first_look")), 1);
    /* Whoever scores first is out, and so is the supervisor: the other auditor is left, who is in it by now. */
    json_decref(ask(&office, "POST", "/accesses", office.second, "{\"purpose\":\"sample\"}", 201));
    json_decref(ask(&office, "POST", "/reviews", office.first, SCORES, 201));
    g_autoptr(json_t) nobody = look(&office, NULL, office.second, NULL, 200);
    ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(nobody, "waiting"), "anybody")), 1);
    g_autofree char *third = add_auditor(&office, "third", "钱三");
    draw_samples(&office); /* as housekeeping does, once a minute */
    json_decref(ask(&office, "GET", "", third, NULL, 409));
    office_close(&office);
}
END_TEST

/* ---- A supervisor, who sees more lists ---- */

#define OFFER "01936d7e-0000-7000-8000-0000000000f1"

static gboolean
draw_its_officer(KcTx *tx, gpointer data, GError **error)
{
    Office *office = data;
    const guint8 seed[KC_DRAW_SEED_LEN] = {7};
    g_autofree char *commitment = kc_draw_commitment(seed), *text = kc_hex_encode(seed, sizeof seed);
    g_autoptr(KcUser) officer = NULL;
    gint64 drawn = 0;
    if (!kc_user_store_find(tx, "officer", &officer, error) || !kc_draw_store_count(tx, &drawn, error))
        return FALSE;
    char *candidates[] = {officer->id, NULL};
    const KcDrawRow row = {.number = drawn + 1,
                           .commitment = commitment,
                           .committed_us = 1,
                           .seed = text,
                           .case_id = office->served.one.id,
                           .candidates = candidates,
                           .chosen = officer->id,
                           .offer_id = (char *)OFFER,
                           .drawn_us = 2};
    const KcOffer offer = {.id = (char *)OFFER,
                           .case_id = office->served.one.id,
                           .kind = (char *)"draw",
                           .to_user = officer->id,
                           .offered_us = 1,
                           .expires_us = 2};
    return kc_offer_store_insert(tx, &offer, error) && kc_draw_store_commit(tx, &row, seed, error) &&
           kc_draw_store_reveal(tx, &row, error) == KC_UPDATE_DONE;
}

static void
put_in_every_list(Office *office)
{
    g_autoptr(GError) error = NULL;
    json_decref(ask(office, "POST", "/holds", office->admin,
                    "{\"reason\":\"法院要求\",\"legal_basis\":\"民事诉讼法第67条\"}", 201));
    kc_store_write(office->fixture->app->store, draw_its_officer, office, &error);
    kc_assert_no_error(error);
}

static const char *const oversight[] = {"/api/v1/draws", "/api/v1/holds", "/api/v1/review-requests",
                                        "/api/v1/findings"};

START_TEST(a_supervisor_who_is_blind_oversees_all_other_cases)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Office office = {.fixture = fixture};
    office_open_for(&office, TRUE);
    put_in_every_list(&office);
    json_decref(ask(&office, "POST", "/reviews", office.first, FINDING, 201));
    for (gsize i = 0; i < G_N_ELEMENTS(oversight); i++) {
        g_autoptr(Reply) whole = fixture_expect(fixture, 200, (Call){.path = oversight[i], .token = office.supervisor});
        ck_assert_msg(strstr(reply_text(whole), office.served.one.id) != NULL, "%s", oversight[i]);
    }
    json_decref(ask(&office, "GET", "/recordings", office.supervisor, NULL, 403));
    json_decref(ask(&office, "POST", "/reviews", office.first, SCORES, 201));
    for (gsize i = 0; i < G_N_ELEMENTS(oversight); i++) {
        g_autoptr(Reply) blind = fixture_expect(fixture, 200, (Call){.path = oversight[i], .token = office.supervisor});
        ck_assert_msg(strstr(reply_text(blind), office.served.one.id) == NULL, "%s", oversight[i]);
    }
    /* Who was drawn sees the recordings, whatever the role sees else; and works on the case no more than it reads it.
     */
    json_decref(ask(&office, "GET", "/recordings", office.supervisor, NULL, 200));
    json_decref(ask(&office, "POST", "/reopen", office.supervisor, NULL, 409));
    json_decref(ask(&office, "POST", "/holds", office.supervisor, "{\"reason\":\"a\",\"legal_basis\":\"b\"}", 409));
    office_close(&office);
}
END_TEST

/* ---- And all of it holds ---- */

static void
on_damage(const KcDamage *damage, gpointer text)
{
    g_string_append_printf(text, "%s\n", damage->text);
}

START_TEST(every_row_of_it_is_bound_by_the_log)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    Office office = {.fixture = fixture};
    office_assign(&office);
    g_autofree char *good = answers(&office, GOOD);
    json_decref(look(&office, "/answer", office.second, good, 200));
    g_autoptr(GString) found = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    KcCheckTotals totals;
    const KcCheckOptions options = {.data_dir = fixture->dir, .found = on_damage, .user_data = found};
    kc_app_check_folder(&options, &totals, &error);
    kc_assert_no_error(error);
    ck_assert_msg(totals.findings == 0, "%s", found->str);
    g_auto(KcSamplesCheck) lots = {0};
    kc_app_verify_samples(fixture->app, &lots, &error);
    kc_assert_no_error(error);
    ck_assert_msg(lots.problem == NULL, "%s", lots.problem);
    ck_assert_int_eq(lots.looks, 1);
    office_close(&office);
}
END_TEST

static Suite *
blind_suite(void)
{
    Suite *suite = suite_create("http/blind");
    TCase *tcase = tcase_create("blind");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, who_looks_sees_the_evidence_alone);
    tcase_add_test(tcase, the_case_is_closed_to_who_is_blind);
    tcase_add_test(tcase, no_list_has_the_case);
    tcase_add_test(tcase, no_figure_counts_it);
    tcase_add_test(tcase, no_event_tells_of_it);
    tcase_add_test(tcase, what_is_wrong_is_named_and_nothing_is_lost);
    tcase_add_test(tcase, then_both_are_shown_side_by_side);
    tcase_add_test(tcase, how_far_both_agree_is_counted);
    tcase_add_test(tcase, who_knows_somebody_gives_it_back);
    tcase_add_test(tcase, without_a_first_look_there_is_no_second);
    tcase_add_test(tcase, a_supervisor_who_is_blind_oversees_all_other_cases);
    tcase_add_test(tcase, every_row_of_it_is_bound_by_the_log);
    suite_add_tcase(suite, tcase);
    return suite;
}

KC_TEST_MAIN(blind_suite())
