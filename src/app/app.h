/* The service itself, without network and processes: what can be done with cases, calls and evidence.
 *
 * KcApp holds the store, the keys, the vault and the table of live calls. Use cases are verbs, each in a file of its
 * own (open_case.c …), declared by subject: accounts.h, cases.h, queue.h, calls.h, objects.h, determinations.h,
 * events.h. Each one loads, asks the domain, and writes in one transaction together with its entry in the audit log and
 * its events; it returns when that is on the disk. All are synchronous and thread-safe.
 *
 * The form of each:  gboolean kc_app_VERB(app, who, …, ret_…, KcResult *result, GError **error), see result.h. */
#pragma once

#include "src/app/compose_port.h"
#include "src/app/media_port.h"
#include "src/app/principal.h"
#include "src/app/result.h"
#include "src/evidence/passwords.h"
#include "src/rules/rules.h"

typedef struct KcApp KcApp;
typedef struct KcWitnessOptions KcWitnessOptions; /* witnesses.h */

#define KC_APP_ERROR (kc_app_error_quark())
GQuark kc_app_error_quark(void);
typedef enum {
    KC_APP_ERROR_LOCKED,   /* another process uses this data folder */
    KC_APP_ERROR_FOLDER,   /* can't be made or written */
    KC_APP_ERROR_EVIDENCE, /* a sealed object is not what it was */
    KC_APP_ERROR_KEYS,     /* the keys and the database do not belong together */
} KcAppError;

/* TURN servers for networks where UDP is closed (ice_servers.h). `secret` NULL: none. */
typedef struct {
    const char *const *uris; /* NULL-terminated, of RFC 7065 */
    GBytes *secret;          /* that they know as well */
    guint ttl_s;             /* how long credentials are good */
} KcTurn;

typedef struct {
    const char *data_dir;     /* made (0700) if absent; keys/, vault/, kuaichu.db and lock are made in it */
    const char *rules_dir;     /* of schema/rules; NULL: what is built in. Taken into the store (load_rules.c) */
    const char *templates_dir; /* of schema/templates; the same */
    gboolean text_only;        /* documents are not printed */
    const char *master_key;    /* its file; NULL: the credential kuaichu-master-key, else DATA/keys/master.key */
    const char *next_master_key; /* that takes its place (rotate_keys.c); NULL: MASTER.next, DATA/keys/master.key.next */
    gboolean exclusive;        /* takes the folder's lock also without media: what must not happen beside the service */
    const KcComposePort *compose; /* the same; NULL: no composed videos are made */
    const KcMediaPort *media; /* copied; its self must outlive the app. NULL: no calls (the command line) */
    gboolean demo;            /* on an empty folder: the demo accounts */
    gboolean purpose_asked;   /* evidence opens without a stated purpose too, which is logged (accesses.h); else it is
                                 required */
    KcTurn turn;              /* borrowed: outlives the app */
    const char *public_url;   /* "https://…" that links begin with; NULL: links are paths */
    const char *log_origin;   /* names the transparency log for all time; NULL: as it was, or of this machine alone */
    const KcWitnessOptions *witness; /* borrowed: outlives the app; NULL: the log has no witnesses */
    gint64 (*now_us)(gpointer clock_data);                      /* NULL: the wall clock */
    gint64 (*free_bytes)(const char *dir, gpointer clock_data); /* NULL: statvfs */
    gpointer clock_data;
    gint64 reserve_bytes;  /* of disk, for what is running; 0: KC_LIMIT_DISK_RESERVE_BYTES */
    gboolean hold_reserve; /* as a file, so that other programs can't take it */
    KcPasswordCost password_cost;
    gint64 staff_session_us; /* 0: 12 hours */
    gint64 party_link_us;    /* 0: 72 hours */
} KcAppOptions;

/* Opens the folder, begins to recover what a crash left unfinished, and starts the event thread. */
KcApp *kc_app_new(const KcAppOptions *options, GError **error);
/* Ends the live calls (their recordings are finished by the port, whose reports are waited for up to 3 s). Takes NULL.
 */
void kc_app_free(KcApp *app);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(KcApp, kc_app_free)

gboolean kc_app_is_demo(const KcApp *app);
/* Those that are in force, and their number; NULL for a number that no case has and that isn't in force. They live as long
 * as the app. */
const KcRules *kc_app_rules(const KcApp *app);
gint64 kc_app_rules_number(const KcApp *app);
const KcRules *kc_app_rules_at(const KcApp *app, gint64 number);

/* Waits until recoveries and other work in the background are done. */
void kc_app_wait_idle(KcApp *app);

/* Once a minute or so: old idempotency keys, events and sessions go; callers long gone make their case `abandoned`, and
 * abandoned ones expire. */
gboolean kc_app_housekeep(KcApp *app, GError **error);

/* Once a second: the held reserve is let go when little else is left of the disk, and taken when there is room. */
void kc_app_tend_reserve(KcApp *app);

typedef struct {
    gint64 left_bytes;    /* free, and held in reserve */
    gint64 reserve_bytes; /* as configured */
    gint64 held_bytes;    /* of it, as a file */
    gint64 kept_bytes;    /* what new calls must leave: the reserve, or what the running ones may need */
    gint64 calls_left;    /* of a quarter of an hour, of two, that there is room for */
} KcAppDisk;
KcAppDisk kc_app_disk(KcApp *app);

/* Readiness: one for each part. */
typedef struct {
    const char *part; /* "store", "vault", "disk", "media", "witnesses" */
    gboolean ok;
    char *detail; /* may be NULL */
} KcAppPart;
GPtrArray *kc_app_parts(KcApp *app); /* of KcAppPart *, owned */

typedef struct {
    GHashTable *cases_by_state; /* owned text -> GINT_TO_POINTER */
    gint64 live_legs, live_calls, live_recordings;
    gint64 calls_started, legs_lost, objects_recovered; /* since start */
    gint64 disk_free_bytes, store_memory_bytes;
    KcAppDisk disk;
    GArray *workers; /* of KcMediaWorkerStats; NULL: no media */
} KcAppMetrics;
gboolean kc_app_metrics(KcApp *app, KcAppMetrics *ret_metrics, GError **error);
void kc_app_metrics_clear(KcAppMetrics *metrics);

/* A request that may come twice: the same key and hash by the same caller gives the first result again, and another
 * hash is refused (KC_RESULT_INVALID "idempotency-key-reused"). Where a use case takes one, NULL means that none was
 * given. */
typedef struct {
    const char *key;          /* of the Idempotency-Key header, 1 … 200 characters */
    const char *request_hash; /* of method, path and body; hexadecimal */
} KcIdempotency;
