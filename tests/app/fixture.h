/* A service on a fresh folder with a pretended media plane, and the steps that most tests begin with. */
#pragma once

#include "src/app/accounts.h"
#include "src/app/calls.h"
#include "src/app/determinations.h"
#include "src/app/events.h"
#include "src/app/objects.h"
#include "src/app/queue.h"
#include "tests/app/fake_composer.h"
#include "tests/app/fake_media.h"
#include "tests/support/kc_test.h"

typedef struct {
    char *dir;
    char *rules_dir;    /* owned; NULL: what is built in */
    gboolean text_only; /* from the next restart on */
    KcFakeMedia *media;
    KcFakeComposer *composer; /* the same after a restart */
    const KcWitnessOptions *witness; /* from the next restart on; NULL: the log has none */
    KcApp *app;
    gint64 now_us;     /* what the app takes for the time */
    gint64 free_bytes; /* what the app takes for the free space */
} Fixture;

void fixture_open(Fixture *fixture);
/* With one rule file changed, as kc_test_dir_copy does. */
void fixture_open_with(Fixture *fixture, const char *file, const char *from, const char *to);
/* The service on fixture->dir, as it is. */
void fixture_start(Fixture *fixture);
/* Waits for what ends by itself: legs that were let go of, their recordings, work in the background. */
void fixture_settle(Fixture *fixture);
/* Ends the service and opens its folder again. */
void fixture_restart(Fixture *fixture);
/* What a service says that does not start on the folder; fixture->app was freed before. Owned. */
char *fixture_refused_start(Fixture *fixture);
void fixture_close(Fixture *fixture);

/* A demo account signed in; owned. */
KcPrincipal *fixture_staff(Fixture *fixture, const char *username);
KcPrincipal *fixture_party(Fixture *fixture, const char *token);

/* A request that can be handled by video. */
KcOpenCase fixture_request(void);

/* A case with its party, and how far it has come. */
typedef struct {
    char *id;
    char *party_id;
    KcPrincipal *party;
    KcPrincipal *officer;
    char *party_leg, *officer_leg;
} Scene;

void scene_open(Fixture *fixture, Scene *scene);  /* triaged */
void scene_claim(Fixture *fixture, Scene *scene); /* queued and claimed */
void scene_call(Fixture *fixture, Scene *scene);  /* both in the call, recorded */
void scene_clear(Scene *scene);

char *fixture_join(Fixture *fixture, const KcPrincipal *who, const char *case_id, const char *o_id); /* leg id */
KcCaseView *fixture_case(Fixture *fixture, const KcPrincipal *who, const char *case_id);

/* A draft that nothing is missing in; owned. */
KcDetermination *fixture_draft(const Scene *scene, const char *still_id);
GBytes *fixture_png(void);

/* Fails the test with everything that a refusal says. */
void fixture_abort(const KcResult *result);

/* `call` is done; or it is refused with this kind and code. */
#define assert_done(call)                                                                                              \
    do {                                                                                                               \
        g_auto(KcResult) result = {0};                                                                                 \
        g_autoptr(GError) error = NULL;                                                                                \
        gboolean done = call;                                                                                          \
        kc_assert_no_error(error);                                                                                     \
        if (!done)                                                                                                     \
            fixture_abort(&result);                                                                                    \
    } while (0)

#define assert_refused(call, wanted_kind, wanted_code)                                                                 \
    do {                                                                                                               \
        g_auto(KcResult) result = {0};                                                                                 \
        g_autoptr(GError) error = NULL;                                                                                \
        gboolean done = call;                                                                                          \
        kc_assert_no_error(error);                                                                                     \
        ck_assert_msg(!done, "was not refused");                                                                       \
        ck_assert_str_eq(result.code, wanted_code);                                                                    \
        ck_assert_int_eq(result.kind, wanted_kind);                                                                    \
    } while (0)
