/* A real database in a folder of its own, and rows that other rows need. */
#pragma once

#include "src/store/case_store.h"
#include "src/store/db.h"
#include "src/store/party_store.h"
#include "src/store/user_store.h"
#include "tests/support/kc_test.h"

#define FIXTURE_NOW_US G_GINT64_CONSTANT(1795420800000000)
#define FIXTURE_OFFICER "01935cd1-7f00-7000-8000-0000000000f1"
#define FIXTURE_CASE "01935cd1-7f00-7000-8000-0000000000c1"
#define FIXTURE_OTHER_CASE "01935cd1-7f00-7000-8000-0000000000c2"
#define FIXTURE_PARTY "01935cd1-7f00-7000-8000-0000000000a1"
#define FIXTURE_DOCUMENT "01935cd1-7f00-7000-8000-0000000000d1"
#define FIXTURE_SHA256 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

typedef struct {
    char *dir;
    char *path; /* of the database */
    KcKeyring *keyring;
    KcStore *store;
} Fixture;

extern Fixture fixture;

/* Checked fixtures: an empty store. */
void fixture_setup(void);
void fixture_teardown(void);
void fixture_reopen(void);

/* Runs `fn` and fails the test on an error. */
void fixture_write(KcTxFn fn, gpointer user_data);
void fixture_read(KcTxFn fn, gpointer user_data);

/* The same, expecting an error of this code. */
void fixture_write_fails(KcTxFn fn, gpointer user_data, KcStoreError code);

/* An officer, a case of theirs in state "in_call", and its party A. KcTxFn without data. */
gboolean fixture_rows(KcTx *tx, gpointer unused, GError **error);

/* A determination of that case, issued; after fixture_rows. */
gboolean fixture_document(KcTx *tx, gpointer unused, GError **error);

/* A case in state "waiting" with this id and number. */
gboolean fixture_insert_case(KcTx *tx, const char *id, const char *number, gint64 created_us, GError **error);

/* Runs SQL on the file past the store, as an intruder would. NULL, or what SQLite refused; owned. */
char *fixture_raw_sql(const char *sql);

/* For tests of the log itself: the entries that the rows of the fixture made are not there. */
void fixture_forget_log(void);
