/* The real service and its workers, with faults preloaded into them: a disk that fills and fails in the middle of a
 * call, a clock that jumps, memory that ends, kill -9 at any moment, and two services on one folder.
 *
 *   KC_FAULT_KILLS   how often the service is killed under load, and how often its memory ends (3) */
#include "tests/fault/fault.h"
#include "tests/service/talk.h"
#include "tests/support/kc_test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define TALK_US (1500 * 1000)
#define WITHIN_US (40 * G_USEC_PER_SEC)
#define MIB (1024 * 1024)

/* ---- a service with faults in it ---- */

typedef struct {
    Service *service;
    FaultControl *control;
    char *path; /* of the control */
    GArray *clip;
    char *admin, *officer, *auditor;
    GPtrArray *talks;
} Bench;

static FaultControl *
map_control(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    ck_assert(fd >= 0 && ftruncate(fd, sizeof(FaultControl)) == 0);
    FaultControl *control = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    ck_assert(control != MAP_FAILED);
    close(fd);
    return control;
}

static char *
sign_in(const Service *service, const char *name)
{
    g_autofree char *body = g_strdup_printf("{\"username\":\"%s\",\"password\":\"kuaichu-demo\"}", name);
    g_autoptr(json_t) session = service_json(service, 201, "POST", "/api/v1/sessions", NULL, body);
    return g_strdup(json_string_value(json_object_get(session, "token")));
}

static void
bench_begin(Bench *bench)
{
    bench->clip = clip_new();
    bench->admin = sign_in(bench->service, "admin");
    bench->officer = sign_in(bench->service, "officer");
    bench->auditor = sign_in(bench->service, "auditor");
    bench->talks = g_ptr_array_new_with_free_func((GDestroyNotify)talk_free);
}

static void
bench_open(Bench *bench)
{
    static const char *const arguments[] = {"--disk-reserve", "16", NULL};
    *bench = (Bench){0};
    int fd = g_file_open_tmp("kuaichu-fault-XXXXXX", &bench->path, NULL);
    close(fd);
    bench->control = map_control(bench->path);
    g_autofree char *preload = g_strconcat("LD_PRELOAD=", g_getenv("KC_FAULT_MODULE"), NULL);
    g_autofree char *control = g_strconcat("KC_FAULT_CONTROL=", bench->path, NULL);
    const char *asan = g_getenv("ASAN_OPTIONS");
    g_autofree char *options = g_strdup_printf("ASAN_OPTIONS=%s:verify_asan_link_order=0", asan != NULL ? asan : "");
    const char *const environment[] = {preload, control, options, NULL};
    bench->service = service_new_with(1, arguments, environment);
    g_snprintf(bench->control->folder, sizeof bench->control->folder, "%s/", bench->service->dir);
    bench_begin(bench);
}

static void
bench_close(Bench *bench)
{
    g_ptr_array_unref(bench->talks);
    service_free(bench->service);
    g_array_unref(bench->clip);
    if (bench->control != NULL) {
        munmap(bench->control, sizeof *bench->control);
        unlink(bench->path);
    }
    g_free(bench->path);
    g_free(bench->admin);
    g_free(bench->officer);
    g_free(bench->auditor);
}

static Talk *
bench_call(Bench *bench)
{
    Talk *talk = talk_new(bench->service, bench->clip, bench->admin, bench->officer);
    g_ptr_array_add(bench->talks, talk);
    talk_join(talk);
    talks_go_on(bench->talks, TALK_US);
    return talk;
}

static const char new_case[] =
    "{\"channel\":\"web\",\"place\":{\"text\":\"商州区北新街\",\"latitude\":33.8704,\"longitude\":109.9187,\"accuracy_"
    "m\":12},"
    "\"triage\":{\"injury\":\"none\",\"death\":false,\"licence_problem\":false,\"alcohol_or_drugs\":false,"
    "\"overloaded_or_speeding_passenger_vehicle\":false,\"plate_problem\":false,\"cannot_move\":false,"
    "\"party_left\":false,\"intent\":false,\"no_inspection_or_insurance_mark\":false,\"facility_damage\":false,"
    "\"hazardous_goods\":false},\"consents\":[\"recording\",\"location\",\"electronic_service\"],"
    "\"party\":{\"name\":\"张三\",\"phone\":\"13800000000\",\"plate_number\":\"陕H12345\",\"plate_type\":\"02\"}}";

static json_t *
recordings_of(const Bench *bench, const Talk *talk)
{
    g_autofree char *path = g_strdup_printf("/api/v1/cases/%s/recordings", talk->case_id);
    json_t *list = service_json(bench->service, 200, "GET", path, bench->auditor, NULL);
    json_t *items = json_incref(json_object_get(list, "items"));
    json_decref(list);
    return items;
}

static guint
count_status(const json_t *recordings, const char *status)
{
    guint count = 0;
    size_t i;
    const json_t *one;
    json_array_foreach(recordings, i, one) count +=
        strcmp(json_string_value(json_object_get(one, "status")), status) == 0;
    return count;
}

/* So many of the call's recordings have come to that end. */
static json_t *
await_recordings(const Bench *bench, const Talk *talk, const char *status, guint wanted)
{
    for (gint64 until_us = g_get_monotonic_time() + WITHIN_US;; g_usleep(200 * 1000)) {
        json_t *recordings = recordings_of(bench, talk);
        if (count_status(recordings, status) >= wanted)
            return recordings;
        g_autofree char *text = json_dumps(recordings, JSON_COMPACT);
        ck_assert_msg(g_get_monotonic_time() < until_us, "not %u %s: %s", wanted, status, text);
        json_decref(recordings);
    }
}

static gint64
shortest_ms(const json_t *recordings)
{
    gint64 shortest = G_MAXINT64;
    size_t i;
    const json_t *one;
    json_array_foreach(recordings, i, one) shortest =
        MIN(shortest, json_integer_value(json_object_get(one, "duration_ms")));
    return shortest;
}

/* One request, as a client that is on its own: 0 if the service is gone. */
static int
try_call(guint16 port, const char *method, const char *path, const char *token, const char *type, const void *body,
         gsize len, json_t **ret_json)
{
    struct timeval patience = {.tv_sec = 20};
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), status = 0;
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: %zu\r\n",
                           method, path, len);
    if (token != NULL)
        g_string_append_printf(text, "Authorization: Bearer %s\r\n", token);
    g_string_append_printf(text, "Content-Type: %s\r\n\r\n", type);
    g_string_append_len(text, body, (gssize)len);
    g_autoptr(GString) reply = g_string_new(NULL);
    if (connect(fd, (const struct sockaddr *)&to, sizeof to) == 0 &&
        send(fd, text->str, text->len, MSG_NOSIGNAL) == (gssize)text->len) {
        char buffer[4096];
        for (ssize_t n; (n = recv(fd, buffer, sizeof buffer, 0)) > 0;)
            g_string_append_len(reply, buffer, n);
    }
    close(fd);
    const char *end = strstr(reply->str, "\r\n\r\n");
    if (end == NULL || sscanf(reply->str, "HTTP/1.1 %d", &status) != 1)
        return 0;
    if (ret_json != NULL)
        *ret_json = json_loads(end + 4, JSON_DISABLE_EOF_CHECK, NULL);
    return status;
}

static const guint8 png[] = {0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 'I', 'H',
                             'D',  'R', 0,   0,   2,    0x58, 0,    0,    1, 0, 8, 6,  0,   0};

/* ---- the disk ---- */

static void
assert_full(const Bench *bench, const char *method, const char *path, const char *token, const char *type,
            const char *body)
{
    g_autoptr(Reply) reply = service_call(bench->service, 507, method, path, token, type, body);
    ck_assert_msg(strstr(reply_text(reply), "disk-full") != NULL && strstr(reply_text(reply), "room") != NULL, "%s",
                  reply_text(reply));
}

static void
await_metric(const Bench *bench, const char *name, gboolean zero)
{
    gint64 until_us = g_get_monotonic_time() + WITHIN_US;
    while ((service_metric(bench->service, name) == 0) != zero) {
        ck_assert_msg(g_get_monotonic_time() < until_us, "%s does not change", name);
        g_usleep(100 * 1000);
    }
}

/* From the moment that the disk is full: nothing new; what is running goes on, and who was in the call comes back into
 * it. */
static void
go_on_without_room(Bench *bench, Talk *talk)
{
    gint64 filled_us = g_get_monotonic_time();
    talks_go_on(bench->talks, 3 * G_USEC_PER_SEC);
    await_metric(bench, "kuaichu_disk_held_bytes", TRUE);
    assert_full(bench, "POST", "/api/v1/cases", bench->admin, NULL, new_case);
    reply_free(service_call(bench->service, 503, "GET", "/readyz", NULL, NULL, NULL));
    ck_assert(service_metric(bench->service, "kuaichu_calls_left") == 0);
    g_autofree char *photos = g_strdup_printf("/api/v1/cases/%s/photos", talk->case_id);
    g_autoptr(json_t) refused = NULL;
    int status =
        try_call(bench->service->port, "POST", photos, talk->sides[0].token, "image/png", png, sizeof png, &refused);
    ck_assert_int_eq(status, 507);
    talk_still(talk);
    talk_join(talk);
    talks_go_on(bench->talks, TALK_US);
    gint64 talked_ms = (g_get_monotonic_time() - filled_us) / 1000;
    talk_leave(talk);
    g_autoptr(json_t) recordings = await_recordings(bench, talk, "complete", 4);
    ck_assert_uint_eq(count_status(recordings, "failed") + count_status(recordings, "recovered"), 0);
    printf("full disk: four recordings of a call that went on for %d ms on a full disk are complete\n", (int)talked_ms);
}

static void
take_calls_again(Bench *bench)
{
    reply_free(service_call(bench->service, 201, "POST", "/api/v1/cases", bench->admin, NULL, new_case));
    await_metric(bench, "kuaichu_disk_held_bytes", FALSE);
}

/* Another program takes all of the disk but the reserve, while a call is recorded. */
START_TEST(a_disk_that_fills_in_a_call)
{
    Bench bench;
    bench_open(&bench);
    await_metric(&bench, "kuaichu_disk_held_bytes", FALSE);
    Talk *talk = bench_call(&bench);
    bench.control->room = 0;
    g_atomic_int_set(&bench.control->full, 1);
    go_on_without_room(&bench, talk);
    /* A write failed, or the service saw first that there was no room, and gave back what it held. */
    ck_assert(bench.control->failed > 0 || bench.control->room > 0);
    g_atomic_int_set(&bench.control->full, 0);
    take_calls_again(&bench);
    bench_close(&bench);
}
END_TEST

/* The same on a file system that is really full. */
START_TEST(a_small_disk_that_fills_in_a_call)
{
    static const char *const arguments[] = {"--disk-reserve", "16", "--media-sandbox", "off", NULL};
    Bench bench = {.service = service_new_on_disk(1, "64m", arguments)};
    if (bench.service == NULL) {
        printf("small disk: this system lets nobody mount one\n");
        return;
    }
    bench_begin(&bench);
    await_metric(&bench, "kuaichu_disk_held_bytes", FALSE);
    Talk *talk = bench_call(&bench);
    g_autofree char *filler = g_strdup_printf("/proc/%d/root%s/filler", bench.service->pid, bench.service->dir);
    static const guint8 zeros[64 * 1024];
    int fd = open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ck_assert_msg(fd >= 0, "%s: %s", filler, g_strerror(errno));
    while (write(fd, zeros, sizeof zeros) > 0)
        ;
    ck_assert_int_eq(errno, ENOSPC);
    close(fd);
    go_on_without_room(&bench, talk);
    unlink(filler);
    take_calls_again(&bench);
    bench_close(&bench);
}
END_TEST

/* One sync of a recording fails: the call goes on, those who look are told, and what was recorded is recovered. */
START_TEST(a_vault_that_fails_to_sync)
{
    Bench bench;
    bench_open(&bench);
    Talk *talk = bench_call(&bench);
    bench.control->at = bench.control->times = 1;
    bench.control->error = EIO;
    g_strlcpy(bench.control->match, ".kcv", sizeof bench.control->match); /* nobody but the worker writes one now */
    g_atomic_int_set(&bench.control->kinds, FAULT_SYNC);
    talks_go_on(bench.talks, 2 * TALK_US);
    ck_assert_int_eq(bench.control->failed, 1);
    g_autofree char *path = g_strdup_printf("/api/v1/cases/%s/call", talk->case_id);
    g_autoptr(Reply) status = service_call(bench.service, 200, "GET", path, bench.officer, NULL, NULL);
    ck_assert_msg(strstr(reply_text(status), "\"failed\"") != NULL, "%s", reply_text(status));
    guint before = talk->sides[0].received + talk->sides[1].received;
    talks_go_on(bench.talks, TALK_US);
    ck_assert_uint_gt(talk->sides[0].received + talk->sides[1].received, before);
    json_decref(await_recordings(&bench, talk, "recovered", 1));
    talk_leave(talk);
    g_autoptr(json_t) recordings = await_recordings(&bench, talk, "complete", 1);
    ck_assert_int_ge(shortest_ms(recordings), 1000);
    bench_close(&bench);
}
END_TEST

/* ---- the clock ---- */

/* Of the newest checkpoint: its second line. */
static gint64
published_size(const Service *service)
{
    g_autoptr(Reply) reply = service_call(service, 200, "GET", "/log/checkpoint", NULL, NULL, NULL);
    const char *second = strchr(reply_text(reply), '\n');
    return second != NULL ? g_ascii_strtoll(second + 1, NULL, 10) : -1;
}

START_TEST(a_clock_that_jumps)
{
    static const gint64 jumps_us[] = {-G_TIME_SPAN_HOUR, G_TIME_SPAN_DAY, 0};
    Bench bench;
    bench_open(&bench);
    Talk *talk = bench_call(&bench);
    gint64 began_us = g_get_monotonic_time() - TALK_US;
    g_autoptr(json_t) opened = service_json(bench.service, 201, "POST", "/api/v1/cases", bench.admin, new_case);
    const char *waiting = json_string_value(json_object_get(json_object_get(opened, "case"), "id"));
    while (published_size(bench.service) <= 0)
        talks_go_on(bench.talks, TALK_US);
    for (guint i = 0; i < G_N_ELEMENTS(jumps_us); i++) {
        __atomic_store_n(&bench.control->clock_us, jumps_us[i], __ATOMIC_SEQ_CST);
        /* Whoever signed in before a day went by is to sign in again. */
        g_autofree char *admin = sign_in(bench.service, "admin");
        gint64 published = published_size(bench.service);
        reply_free(service_call(bench.service, 201, "POST", "/api/v1/cases", admin, NULL, new_case));
        gint64 until_us = g_get_monotonic_time() + WITHIN_US;
        do {
            talks_go_on(bench.talks, TALK_US);
            ck_assert_msg(g_get_monotonic_time() < until_us, "no checkpoint after a jump of %d s",
                          (int)(jumps_us[i] / G_USEC_PER_SEC));
        } while (published_size(bench.service) <= published);
    }
    ck_assert(service_metric(bench.service, "kuaichu_legs_live") == 2);
    gint64 talked_ms = (g_get_monotonic_time() - began_us) / 1000;
    g_free(bench.auditor);
    bench.auditor = sign_in(bench.service, "auditor");
    talk_leave(talk);
    g_autoptr(json_t) recordings = await_recordings(&bench, talk, "complete", 2);
    size_t i;
    const json_t *one;
    json_array_foreach(recordings, i, one)
    {
        gint64 ms = json_integer_value(json_object_get(one, "duration_ms"));
        ck_assert_msg(ms > 1000 && ms <= talked_ms + 1000, "%d ms of %d", (int)ms, (int)talked_ms);
    }
    g_autofree char *path = g_strconcat("/api/v1/cases/", waiting, NULL);
    g_autoptr(json_t) still_there = service_json(bench.service, 200, "GET", path, bench.auditor, NULL);
    ck_assert_str_eq(json_string_value(json_object_get(still_there, "state")), "triaged");
    bench_close(&bench);
}
END_TEST

/* ---- one service a folder ---- */

START_TEST(a_second_service_is_refused)
{
    Service *service = service_new(1);
    for (guint i = 0; i < 3; i++) {
        g_autofree char *said = service_refused(service);
        ck_assert_msg(strstr(said, service->dir) != NULL && strstr(said, "another kuaichud") != NULL, "%s", said);
        service_kill(service); /* its workers may live a moment longer */
        service_start(service);
    }
    service_free(service);
}
END_TEST

/* ---- load, and sudden ends ---- */

/* What was acknowledged to one client. */
typedef struct {
    char *case_id, *token, *photo; /* photo NULL: none was */
    gboolean queued;
} AckedCase;

typedef struct {
    guint16 port;
    const char *admin; /* token: one address alone may open few cases */
    gint stop;
    GPtrArray *cases; /* of AckedCase; the client's own while it runs */
    guint bad;        /* replies that no fault explains */
} Client;

static char *
text_in(const json_t *root, const char *first, const char *second)
{
    const json_t *inner = json_object_get(root, first);
    return g_strdup(json_string_value(second != NULL ? json_object_get(inner, second) : inner));
}

/* A case, its place in the queue, a photo; FALSE when the service is gone. */
static gboolean
one_turn(Client *client)
{
    g_autoptr(json_t) opened = NULL, still = NULL;
    int status = try_call(client->port, "POST", "/api/v1/cases", client->admin, "application/json", new_case,
                          strlen(new_case), &opened);
    client->bad += status != 0 && status != 201;
    if (status != 201)
        return FALSE;
    AckedCase *acked = g_new0(AckedCase, 1);
    acked->case_id = text_in(opened, "case", "id");
    acked->token = text_in(opened, "token", NULL);
    g_ptr_array_add(client->cases, acked);
    g_autofree char *photos = g_strdup_printf("/api/v1/cases/%s/photos", acked->case_id);
    g_autofree char *queue = g_strdup_printf("/api/v1/cases/%s/queue", acked->case_id);
    status = try_call(client->port, "POST", photos, acked->token, "image/png", png, sizeof png, &still);
    client->bad += status != 0 && status != 201;
    acked->photo = status == 201 ? text_in(still, "still", "id") : NULL;
    if (status == 0)
        return FALSE;
    status = try_call(client->port, "POST", queue, acked->token, "application/json", "{}", 2, NULL);
    client->bad += status != 0 && status != 200;
    acked->queued = status == 200;
    return status != 0;
}

static gpointer
run_client(gpointer data)
{
    Client *client = data;
    while (!g_atomic_int_get(&client->stop) && one_turn(client))
        ;
    return NULL;
}

static void
assert_there(const Service *service, const AckedCase *acked)
{
    g_autofree char *path = g_strconcat("/api/v1/cases/", acked->case_id, NULL);
    g_autoptr(json_t) view = service_json(service, 200, "GET", path, acked->token, NULL);
    const char *state = json_string_value(json_object_get(view, "state"));
    ck_assert_msg(!acked->queued || strcmp(state, "waiting") == 0, "a queued case is %s", state);
    if (acked->photo == NULL)
        return;
    g_autofree char *still = g_strdup_printf("/api/v1/cases/%s/stills/%s", acked->case_id, acked->photo);
    g_autoptr(Reply) reply = service_call(service, 200, "GET", still, acked->token, NULL, NULL);
    ck_assert_uint_eq(reply->body->len, sizeof png);
    ck_assert_int_eq(memcmp(reply->body->data, png, sizeof png), 0);
}

static void
acked_case_free(gpointer data)
{
    AckedCase *acked = data;
    g_free(acked->case_id);
    g_free(acked->token);
    g_free(acked->photo);
    g_free(acked);
}

static guint
rounds_wanted(void)
{
    const char *text = g_getenv("KC_FAULT_KILLS");
    return text != NULL ? (guint)MAX(atoi(text), 1) : 3;
}

#define CLIENTS 3

/* Clients write until the service ends in the middle of it; then it starts again, and each looks for what it was told.
 */
static guint
end_under_load(Service *service, const char *admin, void (*end)(Service *service, gpointer data), gpointer data)
{
    Client clients[CLIENTS];
    GThread *threads[CLIENTS];
    guint found = 0;
    for (guint i = 0; i < CLIENTS; i++) {
        clients[i] = (Client){service->port, admin, 0, g_ptr_array_new_with_free_func(acked_case_free), 0};
        threads[i] = g_thread_new("client", run_client, &clients[i]);
    }
    end(service, data);
    for (guint i = 0; i < CLIENTS; i++) {
        g_atomic_int_set(&clients[i].stop, 1);
        g_thread_join(threads[i]);
    }
    service_start(service);
    for (guint i = 0; i < CLIENTS; i++) {
        ck_assert_uint_eq(clients[i].bad, 0);
        for (guint n = 0; n < clients[i].cases->len; n++, found++)
            assert_there(service, clients[i].cases->pdata[n]);
        g_ptr_array_unref(clients[i].cases);
    }
    return found;
}

static void
kill_soon(Service *service, gpointer rand)
{
    g_usleep((gulong)g_rand_int_range(rand, 50, 900) * 1000);
    service_kill(service);
}

static void
assert_log_whole(const Service *service)
{
    g_autofree char *said = NULL;
    int status = 0;
    const char *argv[] = {g_getenv("KC_CLI"), "--data", service->dir, "log", "verify", NULL};
    ck_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &said, NULL, &status, NULL));
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s", said);
}

START_TEST(kill_9_at_any_moment)
{
    guint rounds = rounds_wanted(), found = 0;
    g_autoptr(GRand) rand = g_rand_new_with_seed(9);
    Service *service = service_new(1);
    g_autofree char *admin = sign_in(service, "admin");
    for (guint i = 0; i < rounds; i++) {
        found += end_under_load(service, admin, kill_soon, rand);
        assert_log_whole(service);
    }
    printf("kill -9: %u times under load, %u cases acknowledged, none lost\n", rounds, found);
    service_free(service);
}
END_TEST

typedef struct {
    Bench *bench;
    GRand *rand;
} Starve;

/* The n-th allocation from now finds no memory, whoever makes it; a worker that dies of it is not the service. */
static void
starve(Service *service, gpointer data)
{
    const Starve *starve = data;
    int status = 0;
    while (waitpid(service->pid, &status, WNOHANG) == 0) {
        if (g_atomic_int_get(&starve->bench->control->allocations) <= 0)
            g_atomic_int_set(&starve->bench->control->allocations, g_rand_int_range(starve->rand, 500, 6000));
        g_usleep(20 * 1000);
    }
    ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "it ended with status %x", status);
    g_atomic_int_set(&starve->bench->control->allocations, 0);
    fclose(g_steal_pointer(&service->said));
}

START_TEST(memory_ends_at_any_moment)
{
    Bench bench;
    guint rounds = rounds_wanted(), found = 0;
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    bench_open(&bench);
    Starve data = {&bench, rand};
    for (guint i = 0; i < rounds; i++) {
        found += end_under_load(bench.service, bench.admin, starve, &data);
        assert_log_whole(bench.service);
    }
    printf("no memory: %u times under load, %u cases acknowledged, none lost\n", rounds, found);
    bench_close(&bench);
}
END_TEST

#ifndef KC_SANITIZED

/* Each allocation of a library in turn: a request fails, or is none; what was acknowledged is there, and the next one
 * is served by the same process. */
static void
starve_library(Bench *bench, const char *library, guint most)
{
    Client client = {bench->service->port, bench->admin, 0, g_ptr_array_new_with_free_func(acked_case_free), 0};
    guint struck = 0, step = MAX(most / (rounds_wanted() * 8), 1);
    g_strlcpy(bench->control->library, library, sizeof bench->control->library);
    for (guint at = 1; at <= most; at += step) {
        gint failed = g_atomic_int_get(&bench->control->failed);
        g_atomic_int_set(&bench->control->starved, (gint)at);
        one_turn(&client);
        g_atomic_int_set(&bench->control->starved, 0);
        struck += g_atomic_int_get(&bench->control->failed) > failed;
        guint cases = client.cases->len;
        ck_assert_msg(one_turn(&client) && client.cases->len == cases + 1, "%s, allocation %u: the next request fails",
                      library, at);
    }
    for (guint n = 0; n < client.cases->len; n++)
        assert_there(bench->service, client.cases->pdata[n]);
    ck_assert_uint_gt(struck, 0);
    ck_assert_int_eq(waitpid(bench->service->pid, NULL, WNOHANG), 0);
    printf("no memory for %s: %u allocations, %u cases acknowledged, none lost\n", library, struck, client.cases->len);
    g_ptr_array_unref(client.cases);
}

START_TEST(a_library_without_memory)
{
    Bench bench;
    bench_open(&bench);
    starve_library(&bench, "libmicrohttpd", 60);
    starve_library(&bench, "libsqlite3", 4000);
    bench_close(&bench);
}
END_TEST

#endif

static Suite *
daemon_suite(void)
{
    Suite *suite = suite_create("fault/daemon");
    TCase *tests = tcase_create("daemon");
    tcase_set_timeout(tests, 1200);
    tcase_add_test(tests, a_disk_that_fills_in_a_call);
    tcase_add_test(tests, a_small_disk_that_fills_in_a_call);
    tcase_add_test(tests, a_vault_that_fails_to_sync);
    tcase_add_test(tests, a_clock_that_jumps);
    tcase_add_test(tests, a_second_service_is_refused);
    tcase_add_test(tests, kill_9_at_any_moment);
    tcase_add_test(tests, memory_ends_at_any_moment);
#ifndef KC_SANITIZED
    tcase_add_test(tests, a_library_without_memory);
#endif
    suite_add_tcase(suite, tests);
    return suite;
}

KC_TEST_MAIN(daemon_suite())
