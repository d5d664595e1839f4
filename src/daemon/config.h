/* The daemon's settings: one INI file (GKeyFile, group [kuaichud]), every key also a flag of the same name. A flag beats
 * the file; an unknown key is an error, so that a slip of the pen never goes unnoticed. Read once, then constant. */
#pragma once

#include "media/protocol/message.h"

#define KC_CONFIG_ERROR (kc_config_error_quark())
GQuark kc_config_error_quark(void);
typedef enum { KC_CONFIG_ERROR_VALUE, KC_CONFIG_ERROR_FILE } KcConfigError;

typedef struct {
    char *data;               /* folder of everything that is kept; required */
    char *listen;             /* "127.0.0.1:8080" */
    gboolean demo;
    char *rules;              /* folder in the place of the rules built in; NULL: those */
    GStrv media_address;      /* numeric, bound; empty: every address of the machine, loopback in demo mode alone */
    GStrv media_offered;      /* "ADDRESS" or "ADDRESS:PORT" of candidates, where NAT is before us; NULL: media_address */
    guint16 media_port_min, media_port_max;
    gboolean media_udp_only;  /* no ICE-TCP at these ports */
    GStrv turn_uri;           /* "turn:HOST:PORT?transport=udp", …; NULL: no TURN server */
    char *turn_secret_file;   /* with turn_uri, and only then */
    guint turn_ttl_s;         /* 60 to 86400 */
    guint media_workers;      /* 0: one a core */
    guint media_worker_legs;  /* at most, of one worker: 1 to 200 */
    guint media_calls_together; /* that share a worker before another is begun */
    char *media_worker;       /* path of kuaichu-media; NULL: beside this program */
    KcSandboxMode media_sandbox;
    const char *media_sandbox_name; /* static */
    char *media_user;         /* what the workers of a daemon that is root run as */
    guint media_uid, media_gid; /* the same; 0: this is not root */
    char *tls_certificate, *tls_key; /* PEM files; both or neither */
    char *public_url;         /* what links begin with; NULL: links are paths */
    char *log_origin;         /* names the transparency log for all time; NULL: as it was */
    GStrv witness;            /* "KEY URL" each (src/app/witnesses.h); NULL: the log has none */
    guint witness_quorum;
    gboolean behind_proxy;
    char *map_tiles;          /* URL with {z}, {x}, {y}; NULL: the desk's maps have none */
    char *map_attribution;    /* with map_tiles alone; may be NULL */
    char *templates;          /* folder with the layout of documents; NULL: the one built in */
    gboolean check;           /* print what is in force, and end */
} KcConfig;

/* Takes its flags out of argv. NULL with an error that names the key and what it takes. */
KcConfig *kc_config_parse(int *argc, char ***argv, GError **error);
void kc_config_free(KcConfig *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcConfig, kc_config_free)

/* The settings in force as an INI file; owned. */
char *kc_config_describe(const KcConfig *config);
