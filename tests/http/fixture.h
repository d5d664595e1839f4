/* The service on a real socket: the app on a temporary folder with the demo accounts and a media plane that pretends.
 *
 * Every reply that comes through fixture_call is checked against schema/openapi.yaml. */
#pragma once

#include <jansson.h>

#include "src/app/app.h"
#include "src/base/json.h"
#include "src/http/server.h"
#include "tests/app/fake_composer.h"
#include "tests/app/fake_media.h"
#include "tests/http/client.h"
#include "tests/support/kc_test.h"

typedef struct {
    char *dir;
    KcFakeMedia *media;
    KcFakeComposer *composer;
    KcApp *app;
    KcHttpServer *server;
    guint16 port;
    gint64 skew_us; /* added to the wall clock of the app */
} Fixture;

/* `config` may be NULL; its `listen` is not read. */
Fixture *fixture_new(const KcHttpConfig *config);
/* Whose documents are not printed, which takes the sanitizers long. */
Fixture *fixture_new_text_only(void);
/* With a TURN server; `turn` outlives the fixture. */
Fixture *fixture_new_with_turn(const KcTurn *turn);
/* Where cases are drawn by lot. */
Fixture *fixture_new_with_lots(void);
void fixture_free(Fixture *fixture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)

typedef struct {
    const char *method; /* NULL: GET, or POST with a body */
    const char *path;   /* with its query */
    const char *token;  /* bearer; NULL: none */
    const char *text;   /* the body, if there is one; or … */
    const void *bytes;  /* … these */
    gsize size;
    const char *type;    /* of the body; NULL: application/json */
    const char *headers; /* more header fields, each with its line end */
} Call;

/* Sends and checks the reply against the contract. */
Reply *fixture_call(Fixture *fixture, Call call);

/* As fixture_call, and the status must be that. */
Reply *fixture_expect(Fixture *fixture, int status, Call call);

/* The body of such a reply as JSON. */
json_t *fixture_json(Fixture *fixture, int status, Call call);

/* Owned token of a demo account ("officer", "intake", "supervisor", "auditor", "admin"). */
char *fixture_sign_in(Fixture *fixture, const char *username);

/* A case as a driver reports it. */
typedef struct {
    char *id;
    char *token; /* of party A */
    char *party_id;
} TestCase;
void test_case_clear(TestCase *test_case);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(TestCase, test_case_clear)

extern const char test_new_case[]; /* a good body of POST /api/v1/cases */
TestCase fixture_open_case(Fixture *fixture);

/* Opened, queued and claimed by the holder of `officer`; the party's leg is live and recorded. */
TestCase fixture_case_in_call(Fixture *fixture, const char *officer);
/* By its party, with an offer of that id: a leg that is live and recorded. */
void fixture_join_call(Fixture *fixture, const TestCase *test_case, const char *offer_id);

/* "/api/v1/cases/ID" and what follows; owned. */
char *case_path(const TestCase *test_case, const char *rest);

/* A PNG of one pixel. */
extern const guint8 test_png[];
extern const gsize test_png_size;

/* A string member, by names divided by dots ("case.id"); fails the test if it is none. Borrowed. */
const char *text_at(const json_t *root, const char *path);
