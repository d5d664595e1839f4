#include "src/daemon/config.h"

#include "src/base/endpoint.h"

#include <arpa/inet.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GROUP "kuaichud"

G_DEFINE_QUARK(kc-config-error-quark, kc_config_error)

typedef enum { TEXT, LIST, NUMBER, SWITCH } Kind;

/* Every key, once: name, kind, help. The order is that of Raw. */
static const struct {
    const char *name;
    Kind kind;
    const char *help, *value;
} keys[] = {
    {"data", TEXT, "folder of everything that is kept", "DIR"},
    {"listen", TEXT, "address and port of the HTTP service (127.0.0.1:8080)", "ADDRESS:PORT"},
    {"demo", SWITCH, "demo accounts and example rules on an empty folder", NULL},
    {"rules", TEXT, "folder of all rules and calendars (default: those built in)", "DIR"},
    {"media-address", LIST, "address of this machine for media; may be repeated (default: all)", "ADDRESS"},
    {"media-offered", LIST, "what phones reach it by, behind NAT; PORT is what is mapped to the first of media-ports",
     "ADDRESS[:PORT]"},
    {"media-ports", TEXT, "UDP and TCP ports of the media workers (40000-40199)", "FIRST-LAST"},
    {"media-udp-only", SWITCH, "no TCP for phones whose network closes UDP", NULL},
    {"turn-uri", LIST, "TURN server for phones where UDP is closed; may be repeated", "turn:HOST[:PORT][?transport=udp|tcp]"},
    {"turn-secret-file", TEXT, "file with the secret that it shares (coturn: static-auth-secret)", "FILE"},
    {"turn-ttl", NUMBER, "seconds that credentials for it are good (3600)", "S"},
    {"media-workers", NUMBER, "media workers (default: one a core)", "N"},
    {"media-worker-legs", NUMBER, "participants that one worker takes at most (200)", "N"},
    {"media-calls-together", NUMBER, "calls that share a worker before another is begun; 0: none (10)", "N"},
    {"media-worker", TEXT, "path of kuaichu-media", "PATH"},
    {"media-sandbox", TEXT, "what confines the media workers: auto (what the system has), require, off (auto)", "MODE"},
    {"media-user", TEXT, "what they run as if this program is root (nobody)", "NAME"},
    {"tls-certificate", TEXT, "certificate chain (PEM) for HTTPS", "FILE"},
    {"tls-key", TEXT, "its private key (PEM)", "FILE"},
    {"public-url", TEXT, "what links to parties begin with", "URL"},
    {"log-origin", TEXT, "names the transparency log for all time, as HOST/log; chosen before its first entry", "NAME"},
    {"witness", LIST, "who cosigns the log: its key, a space and its URL; may be repeated", "KEY URL"},
    {"witness-quorum", NUMBER, "a checkpoint is published when so many witnesses have cosigned it (0)", "N"},
    {"behind-proxy", SWITCH, "trust the last X-Forwarded-For entry", NULL},
    {"map-tiles", TEXT, "map tiles of the desk; https://HOST/… with {z}, {x}, {y} (default: a grid without)", "URL"},
    {"map-attribution", TEXT, "what their maker wants said on the map", "TEXT"},
    {"templates", TEXT, "folder with the layout of documents (default: the one built in)", "DIR"},
};
#define N_KEYS G_N_ELEMENTS(keys)

typedef struct {
    char *text;
    GStrv list;
    int number;
    gboolean on;
} Raw;

static void
raw_clear(Raw raw[])
{
    for (gsize i = 0; i < N_KEYS; i++) {
        g_free(raw[i].text);
        g_strfreev(raw[i].list);
    }
}

static gsize
key_index(const char *name)
{
    gsize i = 0;
    while (i < N_KEYS && strcmp(keys[i].name, name) != 0)
        i++;
    return i;
}

static gboolean
read_key(GKeyFile *file, gsize i, Raw *raw, GError **error)
{
    g_autoptr(GError) problem = NULL;
    switch (keys[i].kind) {
    case TEXT:
        if (raw->text == NULL)
            raw->text = g_key_file_get_string(file, GROUP, keys[i].name, &problem);
        break;
    case LIST:
        if (raw->list == NULL)
            raw->list = g_key_file_get_string_list(file, GROUP, keys[i].name, NULL, &problem);
        break;
    case NUMBER:
        if (raw->number < 0)
            raw->number = g_key_file_get_integer(file, GROUP, keys[i].name, &problem);
        break;
    case SWITCH:
        raw->on |= g_key_file_get_boolean(file, GROUP, keys[i].name, &problem);
        break;
    }
    if (problem == NULL)
        return TRUE;
    g_set_error(error, KC_CONFIG_ERROR, KC_CONFIG_ERROR_VALUE, "%s: %s", keys[i].name, problem->message);
    return FALSE;
}

/* Fills what no flag has set. */
static gboolean
read_file(const char *path, Raw raw[], GError **error)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autoptr(GError) problem = NULL;
    if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &problem)) {
        g_set_error(error, KC_CONFIG_ERROR, KC_CONFIG_ERROR_FILE, "%s: %s", path, problem->message);
        return FALSE;
    }
    g_auto(GStrv) names = g_key_file_get_keys(file, GROUP, NULL, NULL);
    for (char **name = names; name != NULL && *name != NULL; name++) {
        gsize i = key_index(*name);
        if (i == N_KEYS) {
            g_set_error(error, KC_CONFIG_ERROR, KC_CONFIG_ERROR_VALUE, "%s: unknown key %s", path, *name);
            return FALSE;
        }
        if (!read_key(file, i, &raw[i], error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
bad(GError **error, const char *key, const char *takes)
{
    g_set_error(error, KC_CONFIG_ERROR, KC_CONFIG_ERROR_VALUE, "%s takes %s", key, takes);
    return FALSE;
}

static gboolean
parse_ports(const char *text, KcConfig *config)
{
    g_auto(GStrv) parts = g_strsplit(text, "-", 2);
    guint64 first, last;
    if (g_strv_length(parts) != 2 || !g_ascii_string_to_unsigned(parts[0], 10, 1, 65535, &first, NULL) ||
        !g_ascii_string_to_unsigned(parts[1], 10, first, 65535, &last, NULL))
        return FALSE;
    config->media_port_min = (guint16)first;
    config->media_port_max = (guint16)last;
    return TRUE;
}

static gboolean
is_address(const char *text)
{
    struct in6_addr buffer;
    return inet_pton(AF_INET, text, &buffer) == 1 || inet_pton(AF_INET6, text, &buffer) == 1;
}

/* Each port of media-ports is offered as far above PORT as it is above the first. */
static gboolean
offered_is_valid(const KcConfig *config)
{
    guint span = config->media_port_max - config->media_port_min, n = 0;
    for (char **offered = config->media_offered; offered != NULL && *offered != NULL; offered++, n++) {
        g_autofree char *address = NULL;
        guint16 port;
        if (!kc_endpoint_parse(*offered, &address, &port) || port + span * (port != 0) > G_MAXUINT16)
            return FALSE;
    }
    return n <= 16;
}

/* RFC 7065, with the port and the transport that browsers understand. Nothing else gets into a header of ours. */
static gboolean
is_turn_uri(const char *text)
{
    return g_regex_match_simple("^turns?:([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?(\\?transport=(udp|tcp))?$",
                                text, G_REGEX_DOLLAR_ENDONLY, 0);
}

static gboolean
turn_is_valid(const KcConfig *config, GError **error)
{
    for (char **uri = config->turn_uri; uri != NULL && *uri != NULL; uri++) {
        if (!is_turn_uri(*uri))
            return bad(error, "turn-uri", "turn:HOST:PORT?transport=udp and the like; turns: for TLS");
    }
    if (config->turn_uri != NULL && g_strv_length(config->turn_uri) > 8)
        return bad(error, "turn-uri", "up to 8 servers");
    if ((config->turn_uri == NULL) != (config->turn_secret_file == NULL))
        return bad(error, "turn-uri", "its turn-secret-file beside it, and the other way round");
    if (config->turn_ttl_s < 60 || config->turn_ttl_s > 86400)
        return bad(error, "turn-ttl", "60 to 86400 seconds");
    return TRUE;
}

static gboolean
parse_sandbox(const char *text, KcConfig *config, GError **error)
{
    static const char *const modes[] = {
        [KC_SANDBOX_AUTO] = "auto", [KC_SANDBOX_REQUIRE] = "require", [KC_SANDBOX_OFF] = "off"};
    for (guint i = 0; i < G_N_ELEMENTS(modes); i++) {
        if (g_str_equal(text, modes[i])) {
            config->media_sandbox = i;
            config->media_sandbox_name = modes[i];
            return TRUE;
        }
    }
    return bad(error, "media-sandbox", "auto, require or off");
}

/* Only root can make its workers somebody else. */
static gboolean
find_user(KcConfig *config, GError **error)
{
    const struct passwd *user = config->media_sandbox != KC_SANDBOX_OFF ? getpwnam(config->media_user) : NULL;
    if (geteuid() != 0 || config->media_sandbox == KC_SANDBOX_OFF)
        return TRUE;
    if (user == NULL || user->pw_uid == 0)
        return bad(error, "media-user", "the name of a user of this machine, and not root");
    config->media_uid = user->pw_uid;
    config->media_gid = user->pw_gid;
    return TRUE;
}

/* Its host comes into a header of ours: nothing that could end or add to it. {s} stands for a, b and c. */
static gboolean
tiles_are_valid(const KcConfig *config, GError **error)
{
    static const char *const places[] = {"{z}", "{x}", "{y}"};
    if (config->map_tiles == NULL)
        return config->map_attribution == NULL || bad(error, "map-attribution", "its map-tiles beside it");
    gboolean valid = g_regex_match_simple("^https?://(\\{s\\}\\.)?[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?/[A-Za-z0-9._~/%?=&@+:{}-]{1,500}$",
                                          config->map_tiles, G_REGEX_DOLLAR_ENDONLY, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++)
        valid = valid && strstr(config->map_tiles, places[i]) != NULL;
    if (!valid)
        return bad(error, "map-tiles", "https://HOST/… with {z}, {x} and {y}");
    if (config->map_attribution != NULL && strlen(config->map_attribution) > 200)
        return bad(error, "map-attribution", "up to 200 bytes");
    return TRUE;
}

static gboolean
validate(KcConfig *config, const char *ports, GError **error)
{
    if (config->data == NULL)
        return bad(error, "data", "a folder: say --data DIR");
    if (!parse_ports(ports != NULL ? ports : "40000-40199", config))
        return bad(error, "media-ports", "FIRST-LAST, both from 1 to 65535");
    if (config->media_port_max - config->media_port_min + 1u < config->media_workers)
        return bad(error, "media-ports", "at least one port for each worker");
    for (char **address = config->media_address; address != NULL && *address != NULL; address++) {
        if (!is_address(*address))
            return bad(error, "media-address", "numeric IPv4 or IPv6 addresses");
    }
    if (!offered_is_valid(config))
        return bad(error, "media-offered", "up to 16 of ADDRESS or ADDRESS:PORT, with room for every port above PORT");
    if (!turn_is_valid(config, error) || !tiles_are_valid(config, error))
        return FALSE;
    if ((config->tls_certificate == NULL) != (config->tls_key == NULL))
        return bad(error, "tls-certificate", "its tls-key beside it, and the other way round");
    if (config->public_url != NULL && !g_str_has_prefix(config->public_url, "http"))
        return bad(error, "public-url", "an http or https URL");
    return TRUE;
}

static KcConfig *
from_raw(Raw raw[], gboolean check, GError **error)
{
    g_autoptr(KcConfig) config = g_new0(KcConfig, 1);
    config->data = g_steal_pointer(&raw[key_index("data")].text);
    config->listen = g_steal_pointer(&raw[key_index("listen")].text);
    if (config->listen == NULL)
        config->listen = g_strdup("127.0.0.1:8080");
    config->demo = raw[key_index("demo")].on;
    config->rules = g_steal_pointer(&raw[key_index("rules")].text);
    config->media_address = g_steal_pointer(&raw[key_index("media-address")].list);
    config->media_offered = g_steal_pointer(&raw[key_index("media-offered")].list);
    config->media_udp_only = raw[key_index("media-udp-only")].on;
    config->turn_uri = g_steal_pointer(&raw[key_index("turn-uri")].list);
    config->turn_secret_file = g_steal_pointer(&raw[key_index("turn-secret-file")].text);
    int ttl_s = raw[key_index("turn-ttl")].number;
    config->turn_ttl_s = ttl_s >= 0 ? (guint)ttl_s : 3600;
    int workers = raw[key_index("media-workers")].number;
    if (workers == 0 || workers > 64) {
        bad(error, "media-workers", "a number from 1 to 64");
        return NULL;
    }
    config->media_workers = workers > 0 ? (guint)workers : g_get_num_processors();
    int legs = raw[key_index("media-worker-legs")].number;
    if (legs == 0 || legs > 200) {
        bad(error, "media-worker-legs", "a number from 1 to 200");
        return NULL;
    }
    config->media_worker_legs = legs > 0 ? (guint)legs : 200;
    int together = raw[key_index("media-calls-together")].number;
    config->media_calls_together = together >= 0 ? (guint)together : 10;
    config->media_worker = g_steal_pointer(&raw[key_index("media-worker")].text);
    const char *sandbox = raw[key_index("media-sandbox")].text;
    config->media_user = g_steal_pointer(&raw[key_index("media-user")].text);
    if (config->media_user == NULL)
        config->media_user = g_strdup("nobody");
    if (!parse_sandbox(sandbox != NULL ? sandbox : "auto", config, error) || !find_user(config, error))
        return NULL;
    config->tls_certificate = g_steal_pointer(&raw[key_index("tls-certificate")].text);
    config->tls_key = g_steal_pointer(&raw[key_index("tls-key")].text);
    config->log_origin = g_steal_pointer(&raw[key_index("log-origin")].text);
    config->witness = g_steal_pointer(&raw[key_index("witness")].list);
    config->witness_quorum = (guint)MAX(raw[key_index("witness-quorum")].number, 0);
    config->public_url = g_steal_pointer(&raw[key_index("public-url")].text);
    config->behind_proxy = raw[key_index("behind-proxy")].on;
    config->map_tiles = g_steal_pointer(&raw[key_index("map-tiles")].text);
    config->map_attribution = g_steal_pointer(&raw[key_index("map-attribution")].text);
    config->templates = g_steal_pointer(&raw[key_index("templates")].text);
    config->check = check;
    return validate(config, raw[key_index("media-ports")].text, error) ? g_steal_pointer(&config) : NULL;
}

KcConfig *
kc_config_parse(int *argc, char ***argv, GError **error)
{
    static const GOptionArg args[] = {
        [TEXT] = G_OPTION_ARG_STRING, [LIST] = G_OPTION_ARG_STRING_ARRAY,
        [NUMBER] = G_OPTION_ARG_INT, [SWITCH] = G_OPTION_ARG_NONE};
    Raw raw[N_KEYS] = {0};
    g_autofree char *path = NULL;
    gboolean check = FALSE;
    GOptionEntry entries[N_KEYS + 3] = {0};
    for (gsize i = 0; i < N_KEYS; i++) {
        raw[i].number = -1;
        gpointer into[] = {[TEXT] = &raw[i].text, [LIST] = &raw[i].list, [NUMBER] = &raw[i].number, [SWITCH] = &raw[i].on};
        entries[i] = (GOptionEntry){keys[i].name, 0, 0, args[keys[i].kind], into[keys[i].kind], keys[i].help, keys[i].value};
    }
    entries[N_KEYS] = (GOptionEntry){"config", 0, 0, G_OPTION_ARG_FILENAME, &path, "settings file; flags beat it", "FILE"};
    entries[N_KEYS + 1] = (GOptionEntry){"check", 0, 0, G_OPTION_ARG_NONE, &check, "print the settings in force, and end", NULL};
    g_autoptr(GOptionContext) context = g_option_context_new("- video quick-handling of minor accidents");
    g_option_context_add_main_entries(context, entries, NULL);
    KcConfig *config = NULL;
    if (g_option_context_parse(context, argc, argv, error)) {
        if (*argc > 1)
            bad(error, (*argv)[1], "no place here: settings are flags, see --help");
        else if (path == NULL || read_file(path, raw, error))
            config = from_raw(raw, check, error);
    }
    raw_clear(raw);
    return config;
}

void
kc_config_free(KcConfig *config)
{
    if (config == NULL)
        return;
    g_free(config->data);
    g_free(config->listen);
    g_free(config->rules);
    g_strfreev(config->media_address);
    g_strfreev(config->media_offered);
    g_strfreev(config->turn_uri);
    g_free(config->turn_secret_file);
    g_free(config->media_worker);
    g_free(config->media_user);
    g_free(config->tls_certificate);
    g_free(config->tls_key);
    g_free(config->public_url);
    g_free(config->log_origin);
    g_strfreev(config->witness);
    g_free(config->map_tiles);
    g_free(config->map_attribution);
    g_free(config->templates);
    g_free(config);
}

static void
line(GString *text, const char *key, const char *value)
{
    g_string_append_printf(text, "%s%s=%s\n", value != NULL ? "" : "#", key, value != NULL ? value : "");
}

char *
kc_config_describe(const KcConfig *config)
{
    GString *text = g_string_new("[" GROUP "]\n");
    g_autofree char *addresses = config->media_address != NULL ? g_strjoinv(";", config->media_address) : NULL;
    g_autofree char *offered = config->media_offered != NULL ? g_strjoinv(";", config->media_offered) : NULL;
    g_autofree char *turn = config->turn_uri != NULL ? g_strjoinv(";", config->turn_uri) : NULL;
    g_autofree char *witnesses = config->witness != NULL ? g_strjoinv(";", config->witness) : NULL;
    line(text, "data", config->data);
    line(text, "listen", config->listen);
    line(text, "demo", config->demo ? "true" : "false");
    line(text, "rules", config->rules);
    line(text, "media-address", addresses);
    line(text, "media-offered", offered);
    g_string_append_printf(text, "media-ports=%u-%u\nmedia-workers=%u\nmedia-worker-legs=%u\n", config->media_port_min,
                           config->media_port_max, config->media_workers, config->media_worker_legs);
    g_string_append_printf(text, "media-calls-together=%u\n", config->media_calls_together);
    line(text, "media-udp-only", config->media_udp_only ? "true" : "false");
    line(text, "turn-uri", turn);
    line(text, "turn-secret-file", config->turn_secret_file);
    g_string_append_printf(text, "turn-ttl=%u\n", config->turn_ttl_s);
    line(text, "media-worker", config->media_worker);
    line(text, "media-sandbox", config->media_sandbox_name);
    line(text, "media-user", config->media_user);
    line(text, "tls-certificate", config->tls_certificate);
    line(text, "tls-key", config->tls_key);
    line(text, "public-url", config->public_url);
    line(text, "log-origin", config->log_origin);
    line(text, "witness", witnesses);
    g_string_append_printf(text, "witness-quorum=%u\n", config->witness_quorum);
    line(text, "behind-proxy", config->behind_proxy ? "true" : "false");
    line(text, "map-tiles", config->map_tiles);
    line(text, "map-attribution", config->map_attribution);
    line(text, "templates", config->templates);
    return g_string_free(text, FALSE);
}
