/* kuaichud: reads its settings, wires the parts together, and serves until it is told to stop. */
#include "src/app/app.h"
#include "src/app/calls.h"
#include "src/app/offers.h"
#include "src/app/public_log.h"
#include "src/daemon/addresses.h"
#include "src/daemon/composer.h"
#include "src/daemon/config.h"
#include "src/daemon/secret_file.h"
#include "src/daemon/witness_client.h"
#include "src/daemon/worker_pool.h"
#include "src/http/server.h"

#include <glib-unix.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#define HOUSEKEEP_EVERY_S 60
#define TEND_EVERY_S 1
#define SESSIONS_EVERY_S 3
#define CHECKPOINT_LOOK_S 1

/* When the wall clock has jumped (NTP after a long time without, a machine that slept, a hand), everybody seems not to have
 * been heard of for long. So nobody's time is up until all who are there have been heard of again. */
#define CLOCK_JUMP_US (10 * G_TIME_SPAN_SECOND)
#define CLOCK_GRACE_US (2 * G_TIME_SPAN_MINUTE)

typedef struct {
    GBytes *turn_secret; /* NULL: no TURN server */
    KcWorkerPool *pool;
    KcComposer *composer;
    KcApp *app;
    KcHttpServer *server;
    gint64 clock_ahead_us; /* of the wall clock, before the monotonic one */
    gint64 grace_until_us; /* on the monotonic one */
    GCancellable *stopping;
    KcWitnessThread *witnesses; /* NULL: the log has none */
} Service;

/* A program of ours stands beside this one, or in libexec when installed, and in its own folder of a build tree. */
static char *
helper_path(const char *name, const char *folder)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *dir = g_path_get_dirname(self != NULL ? self : ".");
    const char *const places[] = {".", folder, "../libexec/kuaichu"};
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *path = g_build_filename(dir, places[i], name, NULL);
        if (access(path, X_OK) == 0)
            return g_steal_pointer(&path);
    }
    return g_build_filename(dir, name, NULL);
}

static char *
worker_path(const KcConfig *config)
{
    return config->media_worker != NULL ? g_strdup(config->media_worker)
                                        : helper_path("kuaichu-media", "../../media/worker");
}

static void
make_composer(Service *service, const KcConfig *config)
{
    g_autofree char *program = helper_path("kuaichu-compose", "../../media/compose");
    const KcComposerConfig composer = {program, config->media_sandbox, config->media_uid, config->media_gid};
    service->composer = kc_composer_new(&composer);
}

static gboolean
start_pool(Service *service, const KcConfig *config, GError **error)
{
    g_autofree char *program = worker_path(config);
    g_auto(GStrv) addresses =
        config->media_address != NULL ? g_strdupv(config->media_address) : kc_addresses_of_machine(config->demo);
    KcWorkerPoolConfig pool = {
        .program = program,
        .workers = config->media_workers,
        .addresses = addresses,
        .offered = config->media_offered,
        .port_min = config->media_port_min,
        .port_max = config->media_port_max,
        .udp_only = config->media_udp_only,
        .legs_per_worker = config->media_worker_legs,
        .calls_together = config->media_calls_together,
        .sandbox = config->media_sandbox,
        .uid = config->media_uid,
        .gid = config->media_gid,
    };
    service->pool = kc_worker_pool_new(&pool, error);
    return service->pool != NULL;
}

static gboolean
start(Service *service, const KcConfig *config, GError **error)
{
    if (!start_pool(service, config, error))
        return FALSE;
    if (config->turn_secret_file != NULL) {
        service->turn_secret = kc_secret_file_read(config->turn_secret_file, error);
        if (service->turn_secret == NULL)
            return FALSE;
    }
    make_composer(service, config);
    const KcWitnessOptions witness = {
        .witnesses = (const char *const *)config->witness,
        .quorum = config->witness_quorum,
        .post = kc_witness_post,
        .post_data = service->stopping,
    };
    KcAppOptions app = {
        .witness = &witness,
        .data_dir = config->data,
        .rules_dir = config->rules,
        .templates_dir = config->templates,
        .media = kc_worker_pool_port(service->pool),
        .compose = kc_composer_port(service->composer),
        .demo = config->demo,
        .purpose_asked = config->purpose_asked,
        .turn = {(const char *const *)config->turn_uri, service->turn_secret, config->turn_ttl_s},
        .public_url = config->public_url,
        .log_origin = config->log_origin,
        .master_key = config->master_key,
        .reserve_bytes = (gint64)config->disk_reserve_mib << 20,
        .hold_reserve = config->hold_reserve,
    };
    service->app = kc_app_new(&app, error);
    if (service->app == NULL)
        return FALSE;
    KcHttpConfig http = {
        .listen = config->listen,
        .tls_cert_path = config->tls_certificate,
        .tls_key_path = config->tls_key,
        .behind_proxy = config->behind_proxy,
        .map_tiles = config->map_tiles,
        .map_attribution = config->map_attribution,
    };
    service->server = kc_http_server_new(&http, service->app, error);
    if (service->server != NULL && config->witness != NULL)
        service->witnesses = kc_witness_thread_start(service->app, service->stopping);
    return service->server != NULL;
}

/* In the reverse order: no more requests, then no more calls, then no more workers. */
static void
stop(Service *service)
{
    kc_witness_thread_stop(service->witnesses);
    kc_http_server_free(service->server);
    kc_app_free(service->app);
    kc_composer_free(service->composer);
    kc_worker_pool_free(service->pool);
    g_bytes_unref(service->turn_secret);
    g_clear_object(&service->stopping);
}

static gboolean
on_signal(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
}

static gboolean
clock_is_steady(Service *service)
{
    gint64 now_us = g_get_monotonic_time(), ahead_us = g_get_real_time() - now_us;
    if (ABS(ahead_us - service->clock_ahead_us) >= CLOCK_JUMP_US) {
        g_warning("the clock has jumped by %" G_GINT64_FORMAT " s", (ahead_us - service->clock_ahead_us) / G_USEC_PER_SEC);
        service->grace_until_us = now_us + CLOCK_GRACE_US;
    }
    service->clock_ahead_us = ahead_us; /* what it is slewed by is no jump */
    return now_us >= service->grace_until_us;
}

static gboolean
on_housekeep(gpointer data)
{
    Service *service = data;
    g_autoptr(GError) error = NULL;
    if (clock_is_steady(service) && !kc_app_housekeep(service->app, &error))
        g_warning("housekeeping: %s", error->message);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_tend(gpointer data)
{
    Service *service = data;
    g_autoptr(GError) error = NULL;
    kc_app_tend_reserve(service->app);
    if (!kc_app_tend_calls(service->app, &error)) {
        g_warning("the calls: %s", error->message);
        g_clear_error(&error);
    }
    if (clock_is_steady(service) && !kc_app_tend_desk(service->app, &error))
        g_warning("the desk: %s", error->message);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_sessions(gpointer server)
{
    kc_http_server_tend(server);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_publish(gpointer app)
{
    g_autoptr(GError) error = NULL;
    if (!kc_app_publish_checkpoint(app, &error))
        g_warning("the log: %s", error->message);
    return G_SOURCE_CONTINUE;
}

/* A connection, an event stream, a recording: each is a descriptor. */
static void
raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static int
serve(const KcConfig *config)
{
    Service service = {.stopping = g_cancellable_new(),
                       .clock_ahead_us = g_get_real_time() - g_get_monotonic_time()};
    g_autoptr(GError) error = NULL;
    int status = EXIT_FAILURE;
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_unix_signal_add(SIGTERM, on_signal, loop);
    g_unix_signal_add(SIGINT, on_signal, loop);
    if (start(&service, config, &error)) {
        g_timeout_add_seconds(HOUSEKEEP_EVERY_S, on_housekeep, &service);
        g_timeout_add_seconds(TEND_EVERY_S, on_tend, &service);
        g_timeout_add_seconds(SESSIONS_EVERY_S, on_sessions, service.server);
        g_timeout_add_seconds(CHECKPOINT_LOOK_S, on_publish, service.app);
        printf("kuaichud ready %s\n", kc_http_server_url(service.server));
        fflush(stdout);
        g_main_loop_run(loop);
        status = EXIT_SUCCESS;
    } else {
        g_printerr("kuaichud: %s\n", error->message);
    }
    stop(&service);
    return status;
}

int
main(int argc, char **argv)
{
    /* Without memory a JSON text would be cut or absent: it ends the program as GLib's own allocations do, before anything
     * is acknowledged, and the next start recovers. */
    json_set_alloc_funcs(g_malloc, g_free);
    g_autoptr(GError) error = NULL;
    g_autoptr(KcConfig) config = kc_config_parse(&argc, &argv, &error);
    if (config == NULL) {
        g_printerr("kuaichud: %s\n", error->message);
        return 2;
    }
    if (config->check) {
        g_autofree char *text = kc_config_describe(config);
        fputs(text, stdout);
        return EXIT_SUCCESS;
    }
    signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    return serve(config);
}
