/* /metrics: the text format itself, the families, and that the dashboard shows nothing that is not there. */
#include <string.h>

#include "tests/http/fixture.h"

typedef struct {
    GHashTable *types;   /* family -> "counter" or "gauge" */
    GHashTable *samples; /* "name{labels}" -> text of the number */
    GHashTable *names;   /* of samples, without labels */
} Metrics;

static void
metrics_clear(Metrics *metrics)
{
    g_hash_table_unref(metrics->types);
    g_hash_table_unref(metrics->samples);
    g_hash_table_unref(metrics->names);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Metrics, metrics_clear)

static void
take_sample(Metrics *metrics, const char *line, const char *family)
{
    const char *space = strrchr(line, ' ');
    ck_assert_msg(space != NULL, "%s", line);
    g_autofree char *key = g_strndup(line, (gsize)(space - line));
    g_autofree char *name = g_strndup(key, strcspn(key, "{"));
    char *end;
    g_ascii_strtod(space + 1, &end);
    ck_assert_msg(*end == '\0' && end != space + 1, "no number: %s", line);
    ck_assert_msg(g_strcmp0(name, family) == 0, "%s is not below its own TYPE, but of %s", line, family);
    ck_assert_msg(!g_hash_table_contains(metrics->samples, key), "twice: %s", key);
    g_hash_table_add(metrics->names, g_steal_pointer(&name));
    g_hash_table_insert(metrics->samples, g_steal_pointer(&key), g_strdup(space + 1));
}

static void
check_name(const char *family, const char *type)
{
    ck_assert_msg(g_regex_match_simple("^kuaichu_[a-z0-9_]+$", family, 0, 0), "%s", family);
    ck_assert_msg(strcmp(type, "counter") == 0 || strcmp(type, "gauge") == 0, "%s %s", family, type);
    ck_assert_msg((strcmp(type, "counter") == 0) == g_str_has_suffix(family, "_total"), "%s is a %s", family, type);
}

static Metrics
parse(const char *text)
{
    Metrics metrics = {g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                       g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                       g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autofree char *family = NULL, *helped = NULL;
    ck_assert_msg(g_str_has_suffix(text, "\n"), "the last line has no end");
    for (char **line = lines; line[0] != NULL && line[1] != NULL; line++) {
        g_auto(GStrv) words = g_strsplit(*line, " ", 4);
        if (!g_str_has_prefix(*line, "#")) {
            take_sample(&metrics, *line, family);
            continue;
        }
        ck_assert_uint_ge(g_strv_length(words), 4);
        if (strcmp(words[1], "HELP") == 0) {
            g_free(helped);
            helped = g_strdup(words[2]);
            continue;
        }
        ck_assert_str_eq(words[1], "TYPE");
        ck_assert_str_eq(words[2], helped);
        check_name(words[2], words[3]);
        ck_assert_msg(g_hash_table_insert(metrics.types, g_strdup(words[2]), g_strdup(words[3])), "twice: %s", words[2]);
        g_free(family);
        family = g_strdup(words[2]);
    }
    return metrics;
}

static Metrics
read_metrics(Fixture *fixture)
{
    g_autoptr(Reply) reply = fixture_expect(fixture, 200, (Call){.path = "/metrics"});
    g_autofree char *type = reply_header(reply, "Content-Type");
    ck_assert_str_eq(type, "text/plain; version=0.0.4; charset=utf-8");
    return parse(reply_text(reply));
}

static double
value_of(const Metrics *metrics, const char *key)
{
    const char *text = g_hash_table_lookup(metrics->samples, key);
    ck_assert_msg(text != NULL, "no %s", key);
    return g_ascii_strtod(text, NULL);
}

START_TEST(every_figure_of_the_media_plane_is_there)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    g_auto(TestCase) one = fixture_case_in_call(fixture, officer);
    g_auto(Metrics) metrics = read_metrics(fixture);
    const struct {
        const char *key;
        double value;
    } wanted[] = {
        {"kuaichu_calls_live", 1},
        {"kuaichu_legs_live", 1},
        {"kuaichu_media_legs{worker=\"0\"}", 1},
        {"kuaichu_media_legs_limit{worker=\"0\"}", 200},
        {"kuaichu_media_received_packets_total{worker=\"0\"}", 1000 + KC_MEDIA_PACKETS_IN},
        {"kuaichu_media_nacked_packets_total{worker=\"0\"}", 1000 + KC_MEDIA_NACKS_SENT},
        {"kuaichu_media_pli_total{worker=\"0\"}", 1000 + KC_MEDIA_PLIS_SENT},
        {"kuaichu_media_recorded_bytes_total{worker=\"0\"}", 1000 + KC_MEDIA_BYTES_RECORDED},
        {"kuaichu_media_durable_bytes_total{worker=\"0\"}", 1000 + KC_MEDIA_BYTES_DURABLE},
        {"kuaichu_media_late_loops_total{worker=\"0\"}", 1000 + KC_MEDIA_LATE_LOOPS},
        {"kuaichu_media_received_bits_per_second{worker=\"0\"}", 1e6},
        {"kuaichu_media_received_loss_ratio_max{worker=\"0\"}", 0.015},
        {"kuaichu_media_last_packet_age_seconds_max{worker=\"0\"}", 1.5},
        {"kuaichu_media_transport_cpu_ratio{worker=\"0\"}", 0.25},
        {"kuaichu_media_tcp_dropped_packets_total{worker=\"0\"}", 1000 + KC_MEDIA_TCP_DROPPED},
        {"kuaichu_media_tcp_connections{worker=\"0\"}", 3},
        {"kuaichu_media_open_fds{worker=\"0\"}", 12},
    };
    ck_assert(value_of(&metrics, "kuaichu_store_memory_bytes") > 0);
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++)
        ck_assert_msg(ABS(value_of(&metrics, wanted[i].key) - wanted[i].value) < 1e-6, "%s", wanted[i].key);
}
END_TEST

/* Every name in the expressions of the dashboard. */
START_TEST(the_dashboard_shows_what_is_exported)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    g_auto(TestCase) one = fixture_case_in_call(fixture, officer);
    g_auto(Metrics) metrics = read_metrics(fixture);
    json_error_t error;
    g_autoptr(json_t) dashboard = json_load_file(KC_DASHBOARD, 0, &error);
    ck_assert_msg(dashboard != NULL, "%s:%d %s", KC_DASHBOARD, error.line, error.text);
    g_autoptr(GRegex) names = g_regex_new("kuaichu_[a-z0-9_]+", 0, 0, NULL);
    guint found = 0;
    gsize i, k;
    json_t *panel, *target;
    json_array_foreach(json_object_get(dashboard, "panels"), i, panel) {
        json_array_foreach(json_object_get(panel, "targets"), k, target) {
            g_autoptr(GMatchInfo) match = NULL;
            g_regex_match(names, json_string_value(json_object_get(target, "expr")), 0, &match);
            for (; g_match_info_matches(match); g_match_info_next(match, NULL), found++) {
                g_autofree char *name = g_match_info_fetch(match, 0);
                ck_assert_msg(g_hash_table_contains(metrics.names, name), "%s is not exported", name);
            }
        }
    }
    ck_assert_uint_gt(found, 20);
}
END_TEST

START_TEST(the_call_shows_the_same_figures)
{
    g_autoptr(Fixture) fixture = fixture_new(NULL);
    g_autofree char *officer = fixture_sign_in(fixture, "officer");
    g_auto(TestCase) one = fixture_case_in_call(fixture, officer);
    g_autofree char *path = case_path(&one, "/call");
    g_autoptr(json_t) call = fixture_json(fixture, 200, (Call){.path = path, .token = officer});
    const json_t *leg = json_array_get(json_object_get(call, "participants"), 0);
    ck_assert_int_eq(json_integer_value(json_object_get(leg, "nacks_sent")), 3);
    ck_assert_int_eq(json_integer_value(json_object_get(leg, "plis_sent")), 1);
    ck_assert_int_eq(json_integer_value(json_object_get(leg, "recorded_bytes")), 4096);
}
END_TEST

static Suite *
metrics_suite(void)
{
    Suite *suite = suite_create("http/metrics");
    TCase *all = tcase_create("metrics");
    tcase_set_timeout(all, 60);
    tcase_add_test(all, every_figure_of_the_media_plane_is_there);
    tcase_add_test(all, the_dashboard_shows_what_is_exported);
    tcase_add_test(all, the_call_shows_the_same_figures);
    suite_add_tcase(suite, all);
    return suite;
}

KC_TEST_MAIN(metrics_suite())
