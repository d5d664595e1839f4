/* kuaichud: reads its settings, wires the parts together, and serves until it is told to stop. */
#include "src/app/app.h"
#include "src/app/offers.h"
#include "src/app/public_log.h"
#include "src/daemon/addresses.h"
#include "src/daemon/config.h"
#include "src/daemon/secret_file.h"
#include "src/daemon/witness_client.h"
#include "src/daemon/worker_pool.h"
#include "src/http/server.h"

#include <glib-unix.h>
#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#define HOUSEKEEP_EVERY_S 60
#define TEND_EVERY_S 1
#define CHECKPOINT_LOOK_S 1

typedef struct {
    GBytes *turn_secret; /* NULL: no TURN server */
    KcWorkerPool *pool;
    KcApp *app;
    KcHttpServer *server;
    GCancellable *stopping;
    KcWitnessThread *witnesses; /* NULL: the log has none */
} Service;

/* kuaichu-media stands beside this program when installed, and in its own folder of a build tree. */
static char *
worker_path(const KcConfig *config)
{
    if (config->media_worker != NULL)
        return g_strdup(config->media_worker);
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *dir = g_path_get_dirname(self != NULL ? self : ".");
    static const char *const places[] = {"kuaichu-media", "../../media/worker/kuaichu-media", "../libexec/kuaichu/kuaichu-media"};
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *path = g_build_filename(dir, places[i], NULL);
        if (access(path, X_OK) == 0)
            return g_steal_pointer(&path);
    }
    return g_build_filename(dir, places[0], NULL);
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
        .demo = config->demo,
        .turn = {(const char *const *)config->turn_uri, service->turn_secret, config->turn_ttl_s},
        .public_url = config->public_url,
        .log_origin = config->log_origin,
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
on_housekeep(gpointer app)
{
    g_autoptr(GError) error = NULL;
    if (!kc_app_housekeep(app, &error))
        g_warning("housekeeping: %s", error->message);
    return G_SOURCE_CONTINUE;
}

static gboolean
on_tend(gpointer app)
{
    g_autoptr(GError) error = NULL;
    if (!kc_app_tend_desk(app, &error))
        g_warning("the desk: %s", error->message);
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
    Service service = {.stopping = g_cancellable_new()};
    g_autoptr(GError) error = NULL;
    int status = EXIT_FAILURE;
    g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
    g_unix_signal_add(SIGTERM, on_signal, loop);
    g_unix_signal_add(SIGINT, on_signal, loop);
    if (start(&service, config, &error)) {
        g_timeout_add_seconds(HOUSEKEEP_EVERY_S, on_housekeep, service.app);
        g_timeout_add_seconds(TEND_EVERY_S, on_tend, service.app);
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
